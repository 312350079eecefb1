/**
 * One permanent error code: its exit status, what it means and what cures it. Statuses follow sysexits.h; 1 says
 * that a check was made and failed; 79 is the
 * reserved "do not restart" (a second process with one key, the wrong network) for `RestartPreventExitStatus`.
 */
export interface CatalogEntry {
  readonly exit: 1 | 64 | 65 | 69 | 70 | 75 | 77 | 78 | 79
  readonly title: string
  readonly cure: string
}
