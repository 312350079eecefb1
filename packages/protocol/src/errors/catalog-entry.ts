/** One permanent error code: its exit status (sysexits.h), what it means and what cures it. */
export interface CatalogEntry {
  readonly exit: 64 | 65 | 69 | 70 | 75 | 77 | 78
  readonly title: string
  readonly cure: string
}
