import type { Policy } from './policy.js'

/** The name of the first pattern that a text contains; undefined when none does. Letter case and Unicode forms count alike. */
export function refusedBy({ refuse }: Pick<Policy, 'refuse'>, text: string): string | undefined {
  const folded = fold(text)
  return refuse.find(({ contains }) => folded.includes(fold(contains)))?.name
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
