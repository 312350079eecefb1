import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { checkMetricName } from './metric-name.js'
import type * as declared from './metrics.js'
import { declareCounter } from './prometheus-counter.js'

export interface MetricsOptions {
  /** Also report the process itself: memory, CPU, event loop, garbage collection. */
  readonly process?: boolean
}

/** A registry of its own: two daemons in one process do not share metrics. */
export function createMetrics(options: MetricsOptions = {}): declared.Metrics {
  const registry = new Registry()
  if (options.process) collectDefaultMetrics({ register: registry })

  return {
    counter<Label extends string>(counter: declared.MetricOptions<Label>) {
      checkMetricName('counter', counter.name, counter.labels ?? [])
      return declareCounter(counter, registry) as declared.Counter<Label>
    },
    gauge<Label extends string>(gauge: declared.GaugeOptions<Label>) {
      checkMetricName('gauge', gauge.name, gauge.labels ?? [])
      return declareGauge(gauge, registry) as declared.Gauge<Label>
    },
    histogram<Label extends string>(histogram: declared.HistogramOptions<Label>) {
      checkMetricName('histogram', histogram.name, histogram.labels ?? [])
      return declareHistogram(histogram, registry) as declared.Histogram<Label>
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

function declareGauge(options: declared.GaugeOptions<string>, registry: Registry): declared.Gauge<string> {
  const { name, help, labels: labelNames = [], read } = options
  const gauge = new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    ...(read && {
      collect(this: Gauge<string>) {
        this.set(read())
      },
    }),
  })
  return {
    set: (value, labels) => gauge.set(labels ?? {}, value),
    add: (amount, labels) => gauge.inc(labels ?? {}, amount),
    remove: (labels) => gauge.remove(labels ?? {}),
  }
}

function declareHistogram(options: declared.HistogramOptions<string>, registry: Registry): declared.Histogram<string> {
  const { name, help, labels: labelNames = [], buckets } = options
  const rises = buckets.every((bound, index) => index === 0 || bound > buckets[index - 1]!)
  if (buckets.length === 0 || !rises) throw new Error(`metric ${name}: buckets must rise`)
  const histogram = new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [registry] })
  return { observe: (value, labels) => histogram.observe(labels ?? {}, value) }
}
