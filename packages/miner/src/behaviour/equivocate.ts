import type { Hex } from '@witan/protocol'
import type { MinerBehaviour } from './miner-behaviour.js'

/** Asked the same request again it does not repeat its answer but signs another one: a space more each time. */
export function equivocate(): Pick<MinerBehaviour, 'answer' | 'journal'> {
  const asked = new Map<Hex, number>()
  return {
    async answer(run, _signal, requestId) {
      const before = asked.get(requestId) ?? 0
      asked.set(requestId, before + 1)
      const answer = await run()
      return before === 0 ? answer : { ...answer, output: Buffer.concat([answer.output, Buffer.alloc(before, ' ')]) }
    },
    journal: (kept) => ({ ...kept, find: () => undefined, record: () => undefined }),
  }
}
