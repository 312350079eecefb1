import type { Claim } from './claim-book.js'
import type { Decision } from './decide.js'

/** What a scenario prints with `--json`. */
export interface ScenarioReport {
  readonly scenario: string
  readonly seconds: number
  readonly claims: readonly Claim[]
  readonly decisions: readonly Decision[]
  /** What ended it before its end; null when it was played to the end. */
  readonly endedBy: { readonly code: string; readonly message: string } | null
}

/** For people: a line a claim. */
export function renderScenario({ scenario, seconds, claims, decisions, endedBy }: ScenarioReport): string {
  const observed = claims.filter((claim) => claim.observed).length
  return [
    ...decisions.map(
      ({ network, number, title, steps }) =>
        `decision ${number} of ${network}: ${title} (${steps.at(-1)?.transaction})`,
    ),
    '',
    ...claims.map((claim) => `${claim.observed ? 'observed    ' : 'NOT OBSERVED'}  ${claim.claim}`),
    '',
    `${scenario}: ${observed} of ${claims.length} claims observed in ${Math.round(seconds)} s`,
    ...(endedBy === null ? [] : [`ended early by ${endedBy.code}: ${endedBy.message}`]),
  ].join('\n')
}
