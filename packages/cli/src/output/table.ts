export interface Column<Row> {
  readonly title: string
  readonly value: (row: Row) => string
  /** Numbers read best from the right. */
  readonly align?: 'left' | 'right'
}

/** A table cut to the terminal's width: the columns from the right fall away when it is too narrow. */
export function renderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string {
  const cells = rows.map((row) => columns.map((column) => column.value(row)))
  const widths = columns.map(({ title }, index) => Math.max(title.length, ...cells.map((row) => row[index]!.length)))
  let shown = columns.length
  const total = (count: number) => widths.slice(0, count).reduce((sum, each) => sum + each + 2, -2)
  while (shown > 1 && total(shown) > width) shown -= 1
  const line = (texts: readonly string[]) =>
    texts
      .slice(0, shown)
      .map((text, index) =>
        columns[index]!.align === 'right' ? text.padStart(widths[index]!) : text.padEnd(widths[index]!),
      )
      .join('  ')
      .trimEnd()
  return [line(columns.map(({ title }) => title)), ...cells.map(line)].join('\n')
}
