import { createService, type Service } from '../lifecycle/service.js'
import type { Clock } from '../time/clock.js'

export interface ShelfModules<Key, Item> {
  /** Makes or fetches an item. What it throws is told and tried again. */
  obtain(key: Key, signal: AbortSignal): Promise<Item>
  /** Lets go of an item that nobody wants any more. */
  release?(item: Item): Promise<void>
  /** An item is there. */
  onObtained?(key: Key): void
  onError(key: Key, error: unknown): void
  readonly clock: Pick<Clock, 'schedule'>
}

/** Keeps what is wanted at hand, however often getting it fails. */
export interface Shelf<Key, Item> extends Service {
  /** Sets what is wanted from now on: what is missing is obtained, what is left over released. */
  want(keys: Iterable<Key>): void
  find(key: Key): Item | undefined
  /** Why it is not there: the last failure; undefined when there was none. */
  failure(key: Key): unknown
  /** Resolves when everything wanted at this moment was obtained or has failed at least once. */
  settled(): Promise<void>
}

/** Pause after the first failure, doubled with each up to a minute: a source that is away comes back within minutes. */
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

interface Place<Item> {
  readonly controller: AbortController
  item: Item | undefined
  failures: number
  failure: unknown
  /** The first try. */
  tried: Promise<void>
  cancelRetry: () => void
}

/** Between stop and start it holds nothing and remembers what is wanted. */
export function createShelf<Key, Item>(modules: ShelfModules<Key, Item>): Shelf<Key, Item> {
  const { obtain, release, onObtained, onError, clock } = modules
  const places = new Map<Key, Place<Item>>()
  const filling = new Set<Promise<void>>()
  const releasing = new Set<Promise<void>>()
  let wanted: ReadonlySet<Key> = new Set()
  let isRunning = false

  const letGo = (key: Key, item: Item) => {
    if (release === undefined) return
    const released = release(item)
      .catch((error: unknown) => onError(key, error))
      .finally(() => releasing.delete(released))
    releasing.add(released)
  }

  const fill = async (key: Key, place: Place<Item>) => {
    const { signal } = place.controller
    try {
      const item = await obtain(key, signal)
      if (signal.aborted) return letGo(key, item)
      place.item = item
      place.failure = undefined
      onObtained?.(key)
    } catch (error) {
      if (signal.aborted) return
      place.failure = error
      onError(key, error)
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(place.failures++, 16))
      place.cancelRetry = clock.schedule(pauseMs, () => void tryOnce(key, place))
    }
  }

  const tryOnce = (key: Key, place: Place<Item>): Promise<void> => {
    const filled = fill(key, place).finally(() => filling.delete(filled))
    filling.add(filled)
    return filled
  }

  const add = (key: Key) => {
    const place: Place<Item> = {
      controller: new AbortController(),
      item: undefined,
      failures: 0,
      failure: undefined,
      tried: Promise.resolve(),
      cancelRetry: () => undefined,
    }
    places.set(key, place)
    place.tried = tryOnce(key, place)
  }

  const remove = (key: Key, { controller, item, cancelRetry }: Place<Item>) => {
    places.delete(key)
    controller.abort(new DOMException('It is not wanted any more', 'AbortError'))
    cancelRetry()
    if (item !== undefined) letGo(key, item)
  }

  const arrange = (keys: ReadonlySet<Key>) => {
    for (const [key, place] of [...places]) if (!keys.has(key)) remove(key, place)
    for (const key of keys) if (!places.has(key)) add(key)
  }

  return {
    ...createService({
      start() {
        isRunning = true
        arrange(wanted)
      },
      async stop() {
        isRunning = false
        arrange(new Set())
        await Promise.all(filling)
        await Promise.all(releasing)
      },
    }),
    want(keys) {
      wanted = new Set(keys)
      if (isRunning) arrange(wanted)
    },
    find: (key) => places.get(key)?.item,
    failure: (key) => places.get(key)?.failure,
    async settled() {
      await Promise.all([...places.values()].map(({ tried }) => tried))
    },
  }
}
