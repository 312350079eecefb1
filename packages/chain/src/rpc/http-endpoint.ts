import type { Clock } from '@witan/runtime'
import { type Answers, addressOf, answersById, type JsonRpcRequest, parseAnswer, type Transport } from './json-rpc.js'
import { MAX_ANSWER_BYTES } from './limits.js'

/** An endpoint's own failure: whoever asked may ask for less. */
const SERVER_ERROR = -32_000

/** One POST a batch. */
export function createHttpEndpoint(url: string, { clock }: { readonly clock: Clock }): Transport {
  return {
    async post(batch, timeoutMs) {
      using deadline = clock.timeout(timeoutMs)
      // fetch takes no credentials in a URL.
      const { address, headers } = addressOf(url)
      const body = JSON.stringify(batch.length === 1 ? batch[0] : batch)
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
        signal: deadline,
      })
      const text = await readBounded(response)
      if (text === undefined) return tooLong(batch)
      if (!response.ok && response.status !== 400) throw new Error(`HTTP status ${response.status}`)
      return answersById(parseAnswer(text))
    },
  }
}

/** Undefined when it is longer than any answer may be. */
async function readBounded(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Of several requests, beside one for the head, nobody knows whose answer it was: then it is a failure. */
function tooLong(batch: readonly JsonRpcRequest[]): Answers {
  const message = `the answer is longer than ${MAX_ANSWER_BYTES} bytes`
  if (batch.filter(({ method }) => method !== 'eth_blockNumber').length !== 1) throw new Error(message)
  return new Map(batch.map(({ id }) => [id, { id, error: { code: SERVER_ERROR, message } }]))
}
