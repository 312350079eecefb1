import type { Hex } from '../bytes/hex.js'
import { keccak256Hex } from '../crypto/keccak256.js'
import { canonicalJson } from '../json/canonical-json.js'

/** What a model may be asked and must answer, voted for by its digest. `parsePolicy` of @witan/runtime reads one. */
export interface Policy {
  /** Only this version of the format. */
  readonly version: 1
  /** Tasks that may be asked for, for example `recognize-text`; ascending. */
  readonly tasks: readonly string[]
  readonly input: PayloadLimits
  readonly output: PayloadLimits
  /** Patterns that refuse an input which is text; ascending. */
  readonly refuse: readonly RefusedPattern[]
  /** The classifier that judges each input before the model sees it; none when null. */
  readonly gate: PolicyGate | null
  /** What every answer must carry for the person who reads it; none when null. */
  readonly notice: string | null
  /** How long a node may keep inputs and outputs; 0 keeps nothing. */
  readonly retentionSeconds: number
}

export interface PayloadLimits {
  readonly maxBytes: number
  /** Media types; any when empty. */
  readonly mediaTypes: readonly string[]
}

export interface RefusedPattern {
  /** Names the reason to whoever is refused. */
  readonly name: string
  /** Plain text to be found anywhere, letter case apart: a policy is data, so no expression that could run forever. */
  readonly contains: string
}

export interface PolicyGate {
  /** The classifier's registered version. */
  readonly modelVersion: Hex
  /** Its class that refuses. */
  readonly label: string
  /** Parts in a million: an input whose label has at least this probability is refused. */
  readonly thresholdPpm: number
}

/** Bounds of a policy document: it travels in `describe` and is read by every node. */
export const POLICY_LIMITS = {
  maxDocumentBytes: 64 * 1024,
  maxTasks: 32,
  maxMediaTypes: 16,
  maxPatterns: 256,
  maxPatternBytes: 256,
  maxNoticeBytes: 2_048,
  /** Ten years. */
  maxRetentionSeconds: 315_360_000,
} as const

/** keccak256 of the policy's canonical JSON; what the registry holds and every receipt names. */
export function policyDigest(policy: Policy): Hex {
  return keccak256Hex(Buffer.from(policyDocument(policy)))
}

/** The policy's canonical JSON: what a file named after its digest holds. */
export function policyDocument(policy: Policy): string {
  const { version, tasks, input, output, refuse, gate, notice, retentionSeconds } = policy
  return canonicalJson({
    version,
    tasks,
    input: { maxBytes: input.maxBytes, mediaTypes: input.mediaTypes },
    output: { maxBytes: output.maxBytes, mediaTypes: output.mediaTypes },
    refuse: refuse.map(({ name, contains }) => ({ name, contains })),
    gate: gate && { modelVersion: gate.modelVersion, label: gate.label, thresholdPpm: gate.thresholdPpm },
    notice,
    retentionSeconds,
  })
}
