export interface JsonRpcRequest {
  readonly jsonrpc: '2.0'
  readonly id: number
  readonly method: string
  readonly params: readonly unknown[]
}

export interface JsonRpcAnswer {
  readonly id: number
  readonly result?: unknown
  /** Null from servers of JSON-RPC 1.0. */
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown } | null
}

export type Answers = ReadonlyMap<number, JsonRpcAnswer>

/** One way to an endpoint. Any failure of transport, status or shape is a plain Error with a short reason. */
export interface Transport {
  post(batch: readonly JsonRpcRequest[], timeoutMs: number): Promise<Answers>
  /** Tells of new heads until the returned function is called; absent where the endpoint can only be asked. */
  readonly onHead?: (listener: (head: Head) => void) => () => void
}

/** A block that an endpoint says is its newest. */
export interface Head {
  readonly number: number
  readonly hash: string
}

export function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('the answer is not JSON')
  }
}

export function answersById(body: unknown): Answers {
  const answers = new Map<number, JsonRpcAnswer>()
  for (const answer of Array.isArray(body) ? body : [body]) {
    if (typeof answer !== 'object' || answer === null) throw new Error('the answer is not JSON-RPC')
    if (typeof answer.id === 'number') answers.set(answer.id, answer)
  }
  return answers
}

/** Scheme, host and port: paths and user names of RPC URLs often are secrets. */
export function publicPart(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'malformed URL'
}

/** The URL without the credentials in it, and the header that carries them. */
export function addressOf(url: string): { address: URL; headers: Record<string, string> } {
  const address = new URL(url)
  const credentials = `${decodeURIComponent(address.username)}:${decodeURIComponent(address.password)}`
  address.username = ''
  address.password = ''
  if (credentials === ':') return { address, headers: {} }
  return { address, headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } }
}

/** The innermost reason, as fetch hides it: `ECONNREFUSED` rather than `fetch failed`. */
export function reasonOf(error: unknown): string {
  let current = error
  while (current instanceof Error && current.cause !== undefined) current = current.cause
  if (current instanceof AggregateError && current.errors.length > 0) current = current.errors[0]
  if (!(current instanceof Error)) return String(current)
  const code = (current as NodeJS.ErrnoException).code
  return typeof code === 'string' ? code : current.message
}
