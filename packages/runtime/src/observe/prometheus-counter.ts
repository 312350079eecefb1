import { Counter as PrometheusCounter, type Registry } from 'prom-client'
import type { Counter, MetricOptions } from './metrics.js'

interface Series {
  readonly labels: Readonly<Record<string, string>>
  count: number
}

/** Keeps the counts beside prom-client's, whose own can only be read asynchronously and as a whole. */
export function declareCounter(options: MetricOptions<string>, registry: Registry): Counter<string> {
  const labelNames = options.labels ?? []
  const counter = new PrometheusCounter({ name: options.name, help: options.help, labelNames, registers: [registry] })
  const allSeries = new Map<string, Series>()

  const add = (amount: number, labels: Readonly<Record<string, string>> = {}) => {
    counter.inc(labels, amount)
    const key = labelNames.map((name) => labels[name]).join('\u0000')
    const series = allSeries.get(key)
    if (series === undefined) allSeries.set(key, { labels, count: amount })
    else series.count += amount
  }

  return {
    add,
    increment: (labels) => add(1, labels),
    value(wanted = {}) {
      const conditions = Object.entries(wanted)
      let sum = 0
      for (const { labels, count } of allSeries.values()) {
        if (conditions.every(([name, value]) => labels[name] === value)) sum += count
      }
      return sum
    },
  }
}
