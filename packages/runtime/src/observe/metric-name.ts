/** Base units of Prometheus and the product's own countable things. */
const UNITS = ['seconds', 'bytes', 'ratio', 'blocks', 'gas', 'items', 'pixels', 'tokens', 'units'] as const

const NAME_PATTERN = /^witan_[a-z0-9]+(_[a-z0-9]+)*$/
const LABEL_PATTERN = /^[a-z][a-z0-9_]*$/

export type MetricKind = 'counter' | 'gauge' | 'histogram'

/** Throws on a name that breaks the rules: a wrong declaration is a bug and must not wait for the first scrape. */
export function checkMetricName(kind: MetricKind, name: string, labels: readonly string[]): void {
  const reject = (rule: string) => {
    throw new Error(`metric ${name}: ${rule}`)
  }
  if (!NAME_PATTERN.test(name)) reject('a name is snake case and begins with witan_')
  if (kind === 'counter' && !name.endsWith('_total')) reject('a counter ends with _total')
  if (kind !== 'counter' && name.endsWith('_total')) reject('only a counter ends with _total')
  if (kind === 'histogram' && !UNITS.some((unit) => name.endsWith(`_${unit}`))) {
    reject(`a histogram ends with its unit: ${UNITS.join(', ')}`)
  }
  for (const label of labels) if (!LABEL_PATTERN.test(label) || label === 'le') reject(`label ${label} is not allowed`)
}
