/** Asked about at a time: a few requests each are far less than may wait for one endpoint. */
const PAGE = 500

/** Asks about all of a list that strangers can make longer, a page at a time. */
export async function inPages<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let from = 0; from < items.length; from += PAGE) {
    answers.push(...(await Promise.all(items.slice(from, from + PAGE).map(ask))))
  }
  return answers
}
