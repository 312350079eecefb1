/** What a scenario says will be seen, and what was seen. */
export interface Claim {
  readonly id: string
  readonly claim: string
  readonly observed: boolean
  /** Numbers, digests and transactions that show it; null as long as nothing was seen. */
  readonly evidence: Readonly<Record<string, unknown>> | null
}

export interface ClaimBook<Id extends string> {
  /** What was seen of a claim. Seen again, it must hold again. */
  observe(id: Id, observed: boolean, evidence: Readonly<Record<string, unknown>>): void
  /** In the order in which they were made. */
  claims(): Claim[]
}

/** Every claim is in the book from the beginning: one that nobody looked at was not observed. */
export function openClaimBook<Id extends string>(
  sentences: Readonly<Record<Id, string>>,
  onObserved: (claim: Claim) => void,
): ClaimBook<Id> {
  const claims = new Map<Id, Claim>()
  for (const id of Object.keys(sentences) as Id[]) {
    claims.set(id, { id, claim: sentences[id], observed: false, evidence: null })
  }
  return {
    observe(id, observed, evidence) {
      const before = claims.get(id)!
      const holds = observed && (before.evidence === null || before.observed)
      const seen = { ...before, observed: holds, evidence: { ...before.evidence, ...evidence } }
      claims.set(id, seen)
      onObserved(seen)
    },
    claims: () => [...claims.values()],
  }
}
