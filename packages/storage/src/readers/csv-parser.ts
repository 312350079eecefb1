/**
 * Fields of comma-separated text (RFC 4180) that arrives in pieces: `"` around fields with commas, line breaks and
 * doubled quotes; lines end in LF or CRLF.
 */
export class CsvParser {
  /** The line that is being read, counted from 1. */
  line = 1
  /** Characters of the record that is being read. */
  held = 0
  #row: string[] = []
  #field = ''
  #state: 'start' | 'plain' | 'quoted' | 'quote' | 'return' = 'start'

  /** The last record when the text does not end with a line break. */
  finish(): string[] | undefined {
    if (this.#state === 'quoted') throw new RangeError('a quoted field does not end')
    if (this.#state === 'start' && this.#row.length === 0) return undefined
    return this.#endRow()
  }

  /** The records that the piece completes. Throws RangeError with what is wrong. */
  *push(piece: string): Generator<string[]> {
    for (let at = 0; at < piece.length; ) {
      const plainEnd = this.#plainEnd(piece, at)
      if (plainEnd > at) {
        this.#take(piece.slice(at, plainEnd))
        at = plainEnd
        continue
      }
      // Commas and quotes too: a record may consist of nothing else.
      this.held += 1
      const row = this.#step(piece[at]!)
      at += 1
      if (row !== undefined) yield row
    }
  }

  /** The end of the characters from `at` on that mean only themselves. */
  #plainEnd(piece: string, at: number): number {
    if (this.#state === 'quoted') {
      const quote = piece.indexOf('"', at)
      return quote === -1 ? piece.length : quote
    }
    if (this.#state === 'quote' || this.#state === 'return') return at
    let end = at
    while (end < piece.length && !isSpecial(piece.charCodeAt(end))) end += 1
    return end
  }

  #take(text: string): void {
    if (this.#state === 'start') this.#state = 'plain'
    this.#field += text
    this.held += text.length
    if (this.#state === 'quoted') for (const character of text) if (character === '\n') this.line += 1
  }

  #step(character: string): string[] | undefined {
    if (this.#state === 'return' && character !== '\n') throw new RangeError('a carriage return without line feed')
    if (character === '"') return this.#quote()
    if (this.#state === 'quote' && !',\r\n'.includes(character)) throw new RangeError('text after a closing quote')
    if (character === ',') this.#endField()
    else if (character === '\r') this.#state = 'return'
    else {
      this.line += 1
      return this.#endRow()
    }
    return undefined
  }

  #quote(): undefined {
    if (this.#state === 'plain') throw new RangeError('a quote inside an unquoted field')
    if (this.#state === 'quote') this.#field += '"'
    this.#state = this.#state === 'quoted' ? 'quote' : 'quoted'
  }

  #endField(): void {
    this.#row.push(this.#field)
    this.#field = ''
    this.#state = 'start'
  }

  #endRow(): string[] {
    this.#endField()
    const row = this.#row
    this.#row = []
    this.held = 0
    return row
  }
}

function isSpecial(code: number): boolean {
  return code === 34 || code === 44 || code === 10 || code === 13
}
