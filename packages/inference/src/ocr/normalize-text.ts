/** Text as it is compared and signed: no white space at the ends, one space between words. */
export function normalizeText(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}
