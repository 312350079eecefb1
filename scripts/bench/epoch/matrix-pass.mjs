/** The yardstick: normalise the rows of a matrix of doubles, sum its columns, weigh them, eight times over. */
const PASSES = 8

export function matrixPass(rows, columns) {
  const cells = Float64Array.from({ length: rows * columns }, (_, index) => 1 + (index % 97))
  const normalised = new Float64Array(cells.length)
  const sums = new Float64Array(columns)
  return () => {
    for (let pass = 0; pass < PASSES; pass++) {
      sums.fill(0)
      for (let start = 0; start < cells.length; start += columns) {
        let total = 0
        for (let column = 0; column < columns; column++) total += cells[start + column]
        for (let column = 0; column < columns; column++) {
          normalised[start + column] = cells[start + column] / total
          sums[column] += normalised[start + column]
        }
      }
      for (let cell = 0; cell < cells.length; cell++) normalised[cell] *= sums[cell % columns]
    }
    return normalised
  }
}
