import type { Clock } from '@witan/runtime'
import { addressOf, answersById, parseAnswer, type Transport } from './json-rpc.js'
import { MAX_ANSWER_BYTES } from './limits.js'

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
      if (!response.ok && response.status !== 400) throw new Error(`HTTP status ${response.status}`)
      return answersById(parseAnswer(text))
    },
  }
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
