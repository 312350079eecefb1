/** Callers that wait for something to happen to a numbered thing. */
export interface Waiting {
  /** Resolves at the next `wake(id)`; rejects with the signal's reason. */
  wait(id: number, signal: AbortSignal): Promise<void>
  wake(id: number): void
}

export function createWaiting(): Waiting {
  const wakers = new Map<number, Set<() => void>>()

  const add = (id: number, waker: () => void) => {
    const ofId = wakers.get(id) ?? new Set()
    wakers.set(id, ofId.add(waker))
  }
  const remove = (id: number, waker: () => void) => {
    const ofId = wakers.get(id)
    ofId?.delete(waker)
    if (ofId?.size === 0) wakers.delete(id)
  }

  return {
    wait: (id, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const end = () => {
          remove(id, onWake)
          signal.removeEventListener('abort', onAbort)
        }
        const onWake = () => {
          end()
          resolve()
        }
        const onAbort = () => {
          end()
          reject(signal.reason)
        }
        add(id, onWake)
        signal.addEventListener('abort', onAbort, { once: true })
      }),
    wake(id) {
      for (const waker of [...(wakers.get(id) ?? [])]) waker()
    },
  }
}
