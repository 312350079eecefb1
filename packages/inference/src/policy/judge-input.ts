import { type Policy, type PolicyRefusal, policyRefusal } from '@witan/protocol'
import type { ModelManifest } from '../model/manifest.js'
import type { StockedModel } from '../stock/stock.js'
import { classSharePpm } from './class-share.js'
import { inputMediaType, outputMediaType } from './media-type.js'

/** A policy and the classifier that it names, if any. */
export interface Rules {
  readonly policy: Policy
  readonly gate: Pick<StockedModel, 'manifest' | 'run' | 'use'> | undefined
}

/** What the rules say of an input. */
export interface InputVerdict {
  readonly refusal: PolicyRefusal | undefined
  /** The gate's class is so near its threshold that another device may say otherwise. */
  readonly isClose: boolean
}

const MILLION = 1_000_000

/** The rules that take no model to apply. */
export function refusalBeforeGate(
  policy: Policy,
  manifest: ModelManifest,
  input: Uint8Array,
): PolicyRefusal | undefined {
  return policyRefusal(policy, {
    task: manifest.task,
    input,
    inputMediaType: inputMediaType(manifest, input),
    outputMediaType: outputMediaType(manifest),
  })
}

/**
 * What the gate says of an input; nothing without a gate.
 * @throws WitanError POLICY_GATE_UNFIT, or as the gate's task
 */
export async function askGate({ policy, gate }: Rules, input: Uint8Array, signal?: AbortSignal): Promise<InputVerdict> {
  if (policy.gate === null || gate === undefined) return { refusal: undefined, isClose: false }
  const { label, thresholdPpm } = policy.gate
  const share = classSharePpm((await gate.run(input, signal)).output, label)
  const { absolute, relative } = gate.manifest.tolerance
  const refusal = share >= thresholdPpm ? { rule: 'gate', value: `${label} at ${share} of 1000000` } : undefined
  return { refusal, isClose: Math.abs(share - thresholdPpm) <= absolute * MILLION + relative * thresholdPpm }
}

/** All that a policy says of an input to a model. */
export async function judgeInput(
  rules: Rules,
  manifest: ModelManifest,
  input: Uint8Array,
  signal?: AbortSignal,
): Promise<InputVerdict> {
  const refusal = refusalBeforeGate(rules.policy, manifest, input)
  return refusal === undefined ? askGate(rules, input, signal) : { refusal, isClose: false }
}
