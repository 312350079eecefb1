import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

interface AskedRequest {
  readonly id: number
  readonly method: string
  readonly params: readonly unknown[]
}

/**
 * An HTTP endpoint of the test, which ends with it; resolves to its URL. `answer` gives the answers to a batch; undefined:
 * it has seen to the response, or never answers.
 */
export async function startJsonRpcServer(
  t: Test,
  answer: (
    asked: readonly AskedRequest[],
    response: ServerResponse,
  ) => readonly object[] | undefined | Promise<readonly object[]>,
): Promise<string> {
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const answers = await answer([JSON.parse(body)].flat() as AskedRequest[], response)
    if (answers !== undefined) response.end(JSON.stringify(answers.length === 1 ? answers[0] : answers))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
