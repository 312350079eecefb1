import { systemClock } from '@witan/runtime'

const DEADLINE_MS = 20_000

/** Waits for something that gives no event, such as the end of a grandchild; fails at the deadline. */
export async function until(isTrue: () => boolean | Promise<boolean>, deadlineMs = DEADLINE_MS): Promise<void> {
  const startedMs = systemClock.monotonicMs()
  while (!(await isTrue())) {
    if (systemClock.monotonicMs() - startedMs > deadlineMs) throw new Error('what the test waits for did not happen')
    await systemClock.sleep(20)
  }
}
