import type { Clock, Random } from '@witan/runtime'

/** What a command may touch of the process it runs in. A command run inside another gets its caller's, narrowed. */
export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where relative paths begin. */
  readonly directory: string
  readonly clock: Clock
  readonly random: Random
  /** Aborts on the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal
  readonly terminal: Terminal
}

export interface Terminal {
  /** True when a person can see stdout and answer on stdin. */
  readonly interactive: boolean
  /** Width for tables; infinite where there is no terminal. */
  readonly columns: number
  /** Data: stdout. */
  out(text: string): void
  /** Log and progress: stderr, a line each. */
  note(line: string): void
  // Questions: only where `interactive`. Who leaves one gives undefined, and to a yes/no question no.
  confirm(question: string): Promise<boolean>
  /** Asks for one of the choices; the place of the one that was taken. */
  choose(question: string, choices: readonly string[]): Promise<number | undefined>
  /** Asks for a line, trimmed, until `complaint` has none about it. */
  ask(question: string, complaint: (line: string) => string | undefined): Promise<string | undefined>
}
