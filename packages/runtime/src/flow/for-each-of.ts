/** Under way at a time: a public endpoint takes no more gladly. */
const AT_A_TIME = 32

/** Runs `use` for every item, a few at a time, whatever their number. After a failure nothing more is begun than is under way. */
export async function forEachOf<Item>(items: Iterable<Item>, use: (item: Item) => Promise<void>): Promise<void> {
  const left = items[Symbol.iterator]()
  // Each ends with its first failure, so that nothing goes on asking an endpoint that is dead.
  const work = async () => {
    for (let next = left.next(); !next.done; next = left.next()) await use(next.value)
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work))
}

/** What `ask` answers of every item, in the order of the items; a few are asked about at a time, whatever their number. */
export async function mapOf<Item, Answer>(
  items: Iterable<Item>,
  ask: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = []
  await forEachOf([...items].entries(), async ([index, item]) => {
    answers[index] = await ask(item)
  })
  return answers
}
