import { Pool } from 'undici'
import { startServer } from './server-process.mjs'

/** fastify in its own process, asked through undici: no authentication, no receipt. */
export async function connectHttp({ inFlight }) {
  const server = await startServer('./http-server.mjs')
  const pool = new Pool(server.address, { connections: inFlight })
  return {
    processId: server.processId,
    async call(input) {
      const response = await pool.request({
        method: 'POST',
        path: '/echo',
        headers: { 'content-type': 'application/octet-stream' },
        body: input,
      })
      return new Uint8Array(await response.body.arrayBuffer())
    },
    async close() {
      await pool.close()
      await server.stop()
    },
  }
}
