import type { Receipt } from '@witan/protocol'

/** A receipt as the journal stores it: JSON with one spelling, so that equal receipts are equal text. */
export function printReceipt(receipt: Receipt): string {
  const fields: Record<keyof Receipt, string | number> = {
    requestDigest: receipt.requestDigest,
    responseDigest: receipt.responseDigest,
    evidenceDigest: receipt.evidenceDigest,
    modelVersion: receipt.modelVersion,
    policy: receipt.policy,
    units: receipt.units,
    price: receipt.price.toString(),
    channel: receipt.channel,
    startedAt: receipt.startedAt,
    finishedAt: receipt.finishedAt,
  }
  return JSON.stringify(fields)
}

export function parseReceipt(text: string): Receipt {
  const { price, ...fields } = JSON.parse(text) as Omit<Receipt, 'price'> & { price: string }
  return { ...fields, price: BigInt(price) }
}
