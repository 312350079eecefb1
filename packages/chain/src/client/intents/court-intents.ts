import type { Fault, RequestIdentity, SignedReceipt } from '@witan/protocol'
import type { Intent } from '../../intent.js'
import type { Contracts } from '../../network/contracts.js'
import { makeIntent } from './make-intent.js'

export function courtIntents({ court }: Pick<Contracts, 'court'>) {
  return {
    /** Needs an allowance of the court over its bond. */
    accuse(fault: Fault): Intent {
      const about = `accuse node ${fault.nodeId} over request ${fault.requestDigest}`
      const request = requestOf(fault.request)
      return fault.kind === 'two-answers'
        ? makeIntent(
            court,
            'accuseOfTwoAnswers',
            [request, evidenceOf(fault.first), evidenceOf(fault.second)],
            `${about}: two answers`,
          )
        : makeIntent(court, 'accuseOfOtherTerms', [request, evidenceOf(fault.first)], `${about}: other terms`)
    },

    executeAccusation: (accusationId: bigint): Intent =>
      makeIntent(court, 'execute', [accusationId], `execute accusation ${accusationId}`),

    dismissAccusation: (accusationId: bigint): Intent =>
      makeIntent(court, 'dismiss', [accusationId], `take the bond of accusation ${accusationId} back`),

    /** What a proposal of the stakers calls. */
    vetoAccusation: (accusationId: bigint): Intent =>
      makeIntent(court, 'veto', [accusationId], `veto accusation ${accusationId}`),
  }
}

const requestOf = ({ deadline, ...request }: RequestIdentity) => ({ ...request, deadline: BigInt(deadline) })

const evidenceOf = ({ receipt, proof, batch: { root, count, signature } }: SignedReceipt) => ({
  receipt: {
    ...receipt,
    units: BigInt(receipt.units),
    startedAt: BigInt(receipt.startedAt),
    finishedAt: BigInt(receipt.finishedAt),
  },
  proof: [...proof],
  root,
  count,
  signature,
})
