/**
 * Scoring of the mechanism *replay with ground truth*: outcomes of an epoch's challenges become records by miner,
 * records become a weight row (docs: protocol specification, "What a validator verifies").
 */
export { REPLAY_SCORING } from './rules.js'
export { minerScore, scoreEpoch } from './score-epoch.js'
export { medianLatencyMs, speedFactor } from './speed.js'
export type { MinerRecord, Outcome, OutcomeResult, ScoreBook, ScoringRules } from './types.js'
export { weightsRow } from './weights-row.js'
