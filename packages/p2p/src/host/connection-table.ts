import type { Connection, Libp2p } from '@libp2p/interface'
import type { Address } from '@witan/protocol'
import { operatorOfPeerId } from '../identity.js'

/** Open connections by operator. */
export class ConnectionTable {
  readonly #byOperator = new Map<Address, Set<Connection>>()

  follow(node: Libp2p): void {
    node.addEventListener('connection:open', ({ detail }) => this.#add(detail))
    node.addEventListener('connection:close', ({ detail }) => this.#remove(detail))
  }

  /** One that can carry streams: of several, the oldest, so that both ends tend to choose the same. */
  find(operator: Address): Connection | undefined {
    for (const connection of this.#byOperator.get(operator) ?? []) if (connection.status === 'open') return connection
    return undefined
  }

  all(operator: Address): Connection[] {
    return [...(this.#byOperator.get(operator) ?? [])]
  }

  count(operator: Address): number {
    return this.#byOperator.get(operator)?.size ?? 0
  }

  get peers(): number {
    return this.#byOperator.size
  }

  #add(connection: Connection): void {
    const operator = operatorOfPeerId(connection.remotePeer)
    const known = this.#byOperator.get(operator)
    if (known === undefined) this.#byOperator.set(operator, new Set([connection]))
    else known.add(connection)
  }

  #remove(connection: Connection): void {
    const operator = operatorOfPeerId(connection.remotePeer)
    const known = this.#byOperator.get(operator)
    known?.delete(connection)
    if (known?.size === 0) this.#byOperator.delete(operator)
  }
}
