/**
 * What may drive a terminal or mislead its reader: control characters but for line breaks and tabs, line separators, and
 * marks that turn the direction of writing. Names come from a chain and answers from miners: anybody may have chosen them.
 */
const NOT_PLAIN = /\r(?!\n)|(?![\r\n\t])\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

/** The text with a replacement character for each of them. */
export function plainText(text: string): string {
  return text.replaceAll(NOT_PLAIN, '\ufffd')
}

/** JSON in which those of them that JSON lets stand are escaped: the same value. */
export function plainJson(json: string): string {
  return json.replaceAll(NOT_PLAIN, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
