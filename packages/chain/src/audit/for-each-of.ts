/** Requests under way at a time: a public endpoint takes no more gladly. */
const AT_A_TIME = 32

/** Runs `use` for every item, a few at a time, whatever their number. */
export async function forEachOf<T>(items: Iterable<T>, use: (item: T) => Promise<void>): Promise<void> {
  const left = items[Symbol.iterator]()
  const work = async () => {
    for (let next = left.next(); !next.done; next = left.next()) await use(next.value)
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work))
}
