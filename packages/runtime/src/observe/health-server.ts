import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createService, type Service } from '../lifecycle/service.js'
import { systemClock } from '../time/system-clock.js'
import { createHealthRoutes, type HealthModules, jsonReply, type Reply, type Route } from './health-routes.js'
import { listenErrorOf } from './listen-error.js'
import type { Logger } from './logger.js'

export interface HealthServerOptions {
  /** 127.0.0.1 when absent: health and metrics are for this machine unless the operator says otherwise. */
  readonly host?: string
  /** 0 lets the system choose. */
  readonly port: number
}

export interface HealthServer extends Service {
  /** The port in use; throws before the start. */
  port(): number
}

/** A scrape is one small request: whoever takes longer to send it is not a scraper. */
const REQUEST_TIMEOUT_MS = 5_000
/** Node looks for overdue requests at this interval. */
const OVERDUE_CHECK_MS = 1_000
/** Ends a connection whose client neither sends nor takes anything. */
const IDLE_TIMEOUT_MS = 10_000
/** How long a stop waits for answers under way. */
const CLOSE_GRACE_MS = 1_000
/** Scrapers, supervisors and a person: more at a time is a mistake or an attack. */
const MAX_CONNECTIONS = 64
const MAX_HEADER_BYTES = 8 * 1024
/** Bodies are not read at all; a longer one than this is refused before its bytes arrive. */
const MAX_BODY_BYTES = 1024

/** Answers `/livez`, `/readyz`, `/metrics`, `POST /drain` and the given routes. Throws `PORT_BUSY` at start. */
export function createHealthServer(options: HealthServerOptions, modules: HealthModules): HealthServer {
  const { host = '127.0.0.1', port } = options
  const limits = {
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: OVERDUE_CHECK_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  }
  const routes = createHealthRoutes(modules)
  let server: Server | undefined

  const service = createService({
    async start() {
      const opening = createServer(
        limits,
        (request, response) => void handle(request, response, routes, modules.logger),
      )
      opening.maxConnections = MAX_CONNECTIONS
      opening.timeout = IDLE_TIMEOUT_MS
      await listen(opening, host, port)
      server = opening
    },
    async stop() {
      const closing = server
      server = undefined
      if (closing !== undefined) await close(closing)
    },
  })

  return {
    ...service,
    port() {
      if (server === undefined) throw new Error('the health server is not listening')
      return (server.address() as AddressInfo).port
    },
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenErrorOf(error, { host, port })))
    server.listen(port, host, () => resolve())
  })
}

async function close(server: Server): Promise<void> {
  const cancel = systemClock.schedule(CLOSE_GRACE_MS, () => server.closeAllConnections())
  await new Promise((resolve) => server.close(resolve))
  cancel()
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  routes: ReadonlyMap<string, Route>,
  logger: Logger,
): Promise<void> {
  let reply: Reply
  try {
    reply = await answer(request, routes)
  } catch (error) {
    logger.error({ err: error }, 'health route failed')
    reply = jsonReply(503, { ok: false, error: 'the check failed; see the log' })
  }
  response.writeHead(reply.status, {
    'content-type': reply.contentType,
    'content-length': Buffer.byteLength(reply.body),
    'cache-control': 'no-store',
    // One request a connection: a stop then waits for answers, never for idle clients, and an unread body is dropped.
    connection: 'close',
  })
  response.end(request.method === 'HEAD' ? undefined : reply.body)
}

async function answer(request: IncomingMessage, routes: ReadonlyMap<string, Route>): Promise<Reply> {
  const path = (request.url ?? '/').split('?', 1)[0]!
  const route = routes.get(path)
  if (route === undefined) return jsonReply(404, { error: 'no such path' })
  const method = request.method === 'HEAD' ? 'GET' : request.method
  if (method !== route.method) return jsonReply(405, { error: `use ${route.method}` })
  // A web page can make its visitor's browser POST here; browsers then always name their origin, tools never do.
  if (method === 'POST' && request.headers.origin !== undefined) return jsonReply(403, { error: 'not for browsers' })
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES)
    return jsonReply(413, { error: 'no body is read' })
  return route.answer()
}
