import type { Clock } from '@witan/runtime'

/** More than any answer asked for here (logs of a bounded range); less than would exhaust a small machine. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024

export interface JsonRpcRequest {
  readonly jsonrpc: '2.0'
  readonly id: number
  readonly method: string
  readonly params: readonly unknown[]
}

export interface JsonRpcAnswer {
  readonly id: number
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

/** One POST of a batch. Any failure of transport, status or shape is a plain Error with a short reason. */
export async function postBatch(
  url: string,
  batch: readonly JsonRpcRequest[],
  timeoutMs: number,
  clock: Clock,
): Promise<ReadonlyMap<number, JsonRpcAnswer>> {
  using deadline = clock.timeout(timeoutMs)
  const { address, headers } = addressOf(url)
  const body = JSON.stringify(batch.length === 1 ? batch[0] : batch)
  const response = await fetch(address, { method: 'POST', headers, body, signal: deadline })
  const text = await readBounded(response)
  if (!response.ok && response.status !== 400) throw new Error(`HTTP status ${response.status}`)
  return answersById(parseAnswer(text))
}

/** fetch takes no credentials in a URL: they go into a header. */
function addressOf(url: string): { address: URL; headers: Record<string, string> } {
  const address = new URL(url)
  const credentials = `${decodeURIComponent(address.username)}:${decodeURIComponent(address.password)}`
  address.username = ''
  address.password = ''
  const headers = { 'content-type': 'application/json' }
  if (credentials === ':') return { address, headers }
  return { address, headers: { ...headers, authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } }
}

function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('the answer is not JSON')
  }
}

function answersById(body: unknown): ReadonlyMap<number, JsonRpcAnswer> {
  const answers = new Map<number, JsonRpcAnswer>()
  for (const answer of Array.isArray(body) ? body : [body]) {
    if (typeof answer !== 'object' || answer === null) throw new Error('the answer is not JSON-RPC')
    if (typeof answer.id === 'number') answers.set(answer.id, answer)
  }
  return answers
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`the answer is longer than ${MAX_ANSWER_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Scheme, host and port: paths and user names of RPC URLs often are secrets. */
export function publicPart(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'malformed URL'
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
