import type { Logger } from './logger.js'
import type { Metrics } from './metrics.js'

export interface Health {
  readonly ok: boolean
  /** Why, in a few values that can be published. */
  readonly detail?: unknown
}

export interface HealthModules {
  readonly metrics: Metrics
  /** Progress, not mere existence: false asks the supervisor for a restart. */
  live(): Health | Promise<Health>
  /** Whether to send work here. */
  ready(): Health | Promise<Health>
  /** Begin to drain: stop admitting, finish, leave. */
  drain?(): void
  /** More GET paths whose results are answered as JSON. */
  readonly routes?: Readonly<Record<string, () => unknown>>
  readonly logger: Logger
}

export interface Reply {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

export interface Route {
  readonly method: 'GET' | 'POST'
  answer(): Promise<Reply>
}

export function createHealthRoutes(modules: HealthModules): ReadonlyMap<string, Route> {
  const { metrics, live, ready, drain, routes = {} } = modules
  const table = new Map<string, Route>()
  table.set('/livez', { method: 'GET', answer: async () => healthReply(await live()) })
  table.set('/readyz', { method: 'GET', answer: async () => healthReply(await ready()) })
  table.set('/metrics', {
    method: 'GET',
    answer: async () => ({ status: 200, contentType: metrics.contentType, body: await metrics.text() }),
  })
  if (drain !== undefined) {
    const answer = async () => {
      drain()
      return jsonReply(202, { draining: true })
    }
    table.set('/drain', { method: 'POST', answer })
  }
  for (const [path, read] of Object.entries(routes)) {
    if (!path.startsWith('/') || table.has(path)) throw new Error(`route ${path} is taken or does not begin with /`)
    table.set(path, { method: 'GET', answer: async () => jsonReply(200, await read()) })
  }
  return table
}

/** JSON in which a bigint is a decimal string. */
export function jsonReply(status: number, value: unknown): Reply {
  const body = JSON.stringify(value ?? null, (_key, item) => (typeof item === 'bigint' ? item.toString() : item))
  return { status, contentType: 'application/json', body: `${body}\n` }
}

function healthReply({ ok, detail }: Health): Reply {
  return jsonReply(ok ? 200 : 503, { ok, detail })
}
