/** One option as one source sets it. */
export interface Assignment {
  readonly path: readonly string[]
  readonly value: unknown
  /** `flag`, `env NAME`, `file PATH` or `network file PATH`. */
  readonly origin: string
  /** The line of the key at or below the option, where the source has lines. */
  lineOf?(path: readonly (string | number)[]): number | undefined
}

export type PathKey = string | number
