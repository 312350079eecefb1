import { createDraw } from './epoch-random-input.js'
import type { CaseParams, EpochCase, StepInputs, Yuma3Case } from './epoch-real-case.js'

export interface CasePlan {
  name: string
  validators: number
  servers: number
  steps: number
  params?: CaseParams
  /** What a step has beside block, stake and weights. */
  step?: (inputs: StepInputs, context: StepContext) => Partial<StepInputs>
  /** The uid whose column is cleared before a step. */
  reset?: Record<number, number>
}

export interface StepContext {
  index: number
  draw: (limit: number) => number
  perUid: <T>(value: (uid: number) => T) => T[]
}

type SparseRow = [number, number][]

/** A case of kind `epoch_sequence`: votes around a quality of every server, with noise and now and then a gap. */
export function randomCase(plan: CasePlan): EpochCase {
  const { draw, perUid, row, stake } = beginning(plan)
  const steps = Array.from({ length: plan.steps }, (_, index) => {
    const inputs: StepInputs = {
      block: 100 * (index + 1),
      stake,
      weights_sparse_u16: perUid((uid) => (uid < plan.validators ? row() : [])),
    }
    const reset = plan.reset?.[index]
    const own = plan.step?.(inputs, { index, draw, perUid }) ?? {}
    return { inputs: { ...inputs, ...own }, ...(reset !== undefined && { reset_bonds_of_uid: reset }) }
  })
  return { name: plan.name, kind: 'epoch_sequence', params: plan.params ?? {}, steps }
}

/** A case of kind `yuma3_sequence`: in most steps only some voters set weights. */
export function randomYuma3Case(plan: CasePlan): Yuma3Case {
  const { draw, row, stake } = beginning(plan)
  const steps = Array.from({ length: plan.steps }, (_, epoch) => {
    const setters = Array.from({ length: plan.validators }, (_, uid) => uid).filter(() => epoch === 0 || draw(2) === 0)
    const sets = setters.map((uid) => {
      const cells = row()
      return [uid, { uids: cells.map(([target]) => target), u16: cells.map(([, value]) => value) }]
    })
    const weights_set = sets.length === 0 ? null : Object.fromEntries(sets)
    const reset = plan.reset?.[epoch]
    return { epoch, weights_set, ...(reset !== undefined && { reset_bonds_of_uid: reset }) }
  })
  return { name: plan.name, kind: 'yuma3_sequence', params: plan.params ?? {}, inputs: { stake }, steps }
}

function beginning({ name, validators, servers }: CasePlan) {
  const draw = createDraw([...name].reduce((seed, letter) => seed * 31 + letter.charCodeAt(0), 7))
  const n = validators + servers
  const perUid = <T>(value: (uid: number) => T): T[] => Array.from({ length: n }, (_, uid) => value(uid))
  const quality = perUid((uid) => (uid < validators ? 0 : 8_000 + draw(40_000)))
  const row = (): SparseRow =>
    quality.flatMap((score, uid): SparseRow => (score === 0 || draw(8) === 0 ? [] : [[uid, score + draw(12_000)]]))
  return { draw, perUid, row, stake: perUid((uid) => (uid < validators ? 1_000 + draw(9_000) : 0)) }
}
