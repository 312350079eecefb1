/** Label values by name; an empty list of labels takes none. */
export type LabelArguments<Label extends string> = [Label] extends [never]
  ? []
  : [labels: Readonly<Record<Label, string>>]

export interface Counter<Label extends string = never> {
  increment(...labels: LabelArguments<Label>): void
  /** `amount` is not negative. */
  add(amount: number, ...labels: LabelArguments<Label>): void
  /** The count so far: of the one series, or of all that match the labels given. */
  value(labels?: Readonly<Partial<Record<Label, string>>>): number
}

export interface Gauge<Label extends string = never> {
  set(value: number, ...labels: LabelArguments<Label>): void
  add(amount: number, ...labels: LabelArguments<Label>): void
  /** Forgets the series, for instance of a peer that left. */
  remove(...labels: LabelArguments<Label>): void
}

export interface Histogram<Label extends string = never> {
  observe(value: number, ...labels: LabelArguments<Label>): void
}

export interface MetricOptions<Label extends string> {
  /** `witan_…` in snake case, with the unit at the end: see `checkMetricName`. */
  readonly name: string
  readonly help: string
  /** Label names. Their values must come from a small fixed set: never a peer, a request or a text from outside. */
  readonly labels?: readonly Label[]
}

export interface GaugeOptions<Label extends string> extends MetricOptions<Label> {
  /** Reads the value at each scrape, for a gauge without labels that nobody sets. */
  readonly read?: () => number
}

export interface HistogramOptions<Label extends string> extends MetricOptions<Label> {
  /** Upper bounds in rising order, in the unit of the name. */
  readonly buckets: readonly number[]
}

/**
 * Declares and prints the metrics of one process. A package declares its own as one object:
 * `export const createMinerMetrics = (metrics: Metrics) => ({ requestsTotal: metrics.counter({ … }), … })`.
 */
export interface Metrics {
  counter<Label extends string = never>(options: MetricOptions<Label>): Counter<Label>
  gauge<Label extends string = never>(options: GaugeOptions<Label>): Gauge<Label>
  histogram<Label extends string = never>(options: HistogramOptions<Label>): Histogram<Label>
  /** The exposition format of Prometheus. */
  text(): Promise<string>
  readonly contentType: string
}
