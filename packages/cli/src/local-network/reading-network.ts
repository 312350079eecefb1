import type { LocalPlan } from './local-plan.js'

const CONSUMER = 'consumer'

/** Reading text from pictures. Three validators, one of them a copier; five honest miners, one slow and two that cheat. */
export const READING_NETWORK: LocalPlan = {
  roster: [
    { name: 'validator-1', role: 'validator', behaviour: 'honest' },
    { name: 'validator-2', role: 'validator', behaviour: 'honest' },
    { name: 'validator-copier', role: 'validator', behaviour: 'copier' },
    { name: 'miner-1', role: 'miner', behaviour: 'honest' },
    { name: 'miner-2', role: 'miner', behaviour: 'honest' },
    { name: 'miner-3', role: 'miner', behaviour: 'honest' },
    { name: 'miner-4', role: 'miner', behaviour: 'honest' },
    { name: 'miner-5', role: 'miner', behaviour: 'honest' },
    { name: 'miner-slow', role: 'miner', behaviour: 'slow' },
    { name: 'miner-wrong-model', role: 'miner', behaviour: 'wrong-model' },
    { name: 'miner-cached', role: 'miner', behaviour: 'cached' },
  ],
  actors: [CONSUMER],
  holders: {},
  subnet: { name: 'reading', model: 'ppocr-v4-rec' },
  deploy: {},
  nodeOptions: ({ role }, { addressOf }) => (role === 'miner' ? { admit: [addressOf(CONSUMER)] } : {}),
}
