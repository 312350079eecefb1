import type { CatalogEntry } from '../catalog-entry.js'

export const CHAIN_ERRORS = {
  RPC_UNAVAILABLE: {
    exit: 69,
    title: 'No RPC endpoint of the network answered.',
    cure: 'Check rpcUrls in the network file, that the node is running, and the connection to it.',
  },
  RPC_REJECTED: {
    exit: 69,
    title: 'The RPC endpoint answered with an error of its own.',
    cure: 'Read the reason; an endpoint that limits requests or keeps no history must be replaced in rpcUrls.',
  },
  WRONG_CHAIN_ID: {
    exit: 79,
    title: 'The RPC endpoint serves another chain than the network file names.',
    cure: 'Use the RPC endpoint of that network, or the network file of that chain.',
  },
  CONTRACT_MISSING: {
    exit: 78,
    title: 'An address of the network file holds no contract on this chain.',
    cure: 'Check that the network file belongs to this chain and that the node is synchronised; a fresh local chain needs a fresh deploy.',
  },
  DEPLOY_NONCE_MOVED: {
    exit: 75,
    title: 'The deployer sent another transaction while the network was being deployed.',
    cure: 'Deploy again with a key that nothing else uses; the contracts already deployed are abandoned.',
  },
  DEPLOY_MISMATCH: {
    exit: 70,
    title: 'A deployed contract does not carry the code or the addresses that were planned.',
    cure: 'Do not use this deployment; deploy again from a fresh key and report the mismatch.',
  },
  EMBEDDED_CHAIN_FAILED: {
    exit: 69,
    title: 'The embedded local chain did not start or ended by itself.',
    cure: 'Check that the port is free and the state file is whole; start without --resume for a fresh chain.',
  },
  NETWORK_FILE_EXISTS: {
    exit: 78,
    title: 'The file to write is the network file of another network.',
    cure: 'Name another one with `--out`, or another folder with `--home`.',
  },
  KEYSTORE_NOT_FOUND: {
    exit: 78,
    title: 'The keystore file does not exist.',
    cure: 'Check the path, or create a key with `witan key new`.',
  },
  KEYSTORE_EXISTS: {
    exit: 78,
    title: 'A keystore already stands at that path.',
    cure: 'Choose another path; a keystore is never overwritten.',
  },
  KEYSTORE_INVALID: {
    exit: 65,
    title: 'The keystore file is not a version 3 Ethereum keystore that can be read.',
    cure: 'Restore the file from a backup, or export it again from the wallet that made it.',
  },
  WRONG_PASSWORD: {
    exit: 77,
    title: 'The password does not open the keystore.',
    cure: 'Check the password file; a trailing line break is ignored, other spaces are not.',
  },
  CONTRACT_REVERTED: {
    exit: 65,
    title: 'The contract refused the call.',
    cure: 'Read the error name and its arguments; the call changes nothing until its cause is removed.',
  },
  TRANSACTION_NOT_MINED: {
    exit: 75,
    title: 'The transaction was sent but not mined before the deadline.',
    cure: 'It is being cancelled at its nonce; ask again with the same idempotence key to learn which of the two was mined.',
  },
  TRANSACTION_EXPIRED: {
    exit: 75,
    title: 'The deadline of the transaction passed, and it can never be mined any more.',
    cure: 'Look whether the action still makes sense, then repeat it with a later deadline or a higher fee limit.',
  },
  COST_CAP_EXCEEDED: {
    exit: 77,
    title: 'Value and gas of the transaction may together cost more than the cap allows.',
    cure: 'Check the amount; if it is meant, raise the cap or wait for lower fees.',
  },
  FEE_LADDER_INVALID: {
    exit: 78,
    title: 'The steps by which the fee of a stuck transaction rises are not ones that nodes accept.',
    cure: 'Give whole percentages of at least the least one named, and an interval above zero.',
  },
  TRANSACTION_CONFLICT: {
    exit: 75,
    title: 'Another transaction of the same key took the nonce.',
    cure: 'Use each key in one process only, then repeat the action.',
  },
  IDEMPOTENCE_KEY_REUSED: {
    exit: 70,
    title: 'One idempotence key was used for two different transactions.',
    cure: 'Report this: the caller must derive the key from what it sends.',
  },
  INSUFFICIENT_FUNDS: {
    exit: 77,
    title: 'The account cannot pay for the transaction.',
    cure: 'Send the account enough of the chain’s coin for gas, then repeat.',
  },
  TRANSACTION_TOO_COSTLY: {
    exit: 75,
    title: 'The transaction would cost more than the configured limit.',
    cure: 'Wait for lower fees or raise the limit.',
  },
  AMOUNT_INVALID: {
    exit: 64,
    title: 'A text is not an amount of tokens.',
    cure: 'Write digits with at most 18 decimals after a point, without unit or separator.',
  },
  BLOCK_REPLACED: {
    exit: 75,
    title: 'A block was replaced by another one while the state at it was read, or endpoints disagree about it.',
    cure: 'Run it again at a block that is final, with `--block`; if it stays, leave one endpoint in rpcUrls.',
  },
  REORG_TOO_DEEP: {
    exit: 69,
    title: 'The chain replaced more blocks than are kept to take their events back.',
    cure: 'What was derived from the events is void: rebuild it from the deployment block; if it happens again, use another RPC endpoint.',
  },
  EVENTS_MISSING: {
    exit: 69,
    title: 'The RPC endpoint does not hold all events needed to rebuild the state.',
    cure: 'Use an endpoint that serves the logs from the deployment block on.',
  },
  PRICE_EXCEEDED: {
    exit: 75,
    title: 'The price is above the highest one the caller accepts.',
    cure: 'Ask for the price again and raise the limit, or wait until it has fallen.',
  },
  SUBNET_FULL: {
    exit: 69,
    title: 'Every slot of the subnet is taken.',
    cure: 'Choose another subnet, or wait for a free slot.',
  },
  SUBNET_UNKNOWN: {
    exit: 65,
    title: 'No subnet has this number.',
    cure: 'List the subnets with `witan subnet list` and correct the number.',
  },
  NEURON_UNKNOWN: {
    exit: 65,
    title: 'No neuron of the subnet has this uid.',
    cure: 'List the neurons with `witan metagraph` and correct the uid.',
  },
  UNREGISTERED_OPERATOR: {
    exit: 77,
    title: 'The operator key is not registered.',
    cure: 'Register it from the owner key with `witan register`.',
  },
  ALREADY_REGISTERED: {
    exit: 65,
    title: 'The operator is registered in this subnet already.',
    cure: 'Nothing is to be done; `witan metagraph` shows its uid.',
  },
  NOT_NODE_OWNER: {
    exit: 77,
    title: 'The node belongs to another owner.',
    cure: 'Send the transaction from the owner key that registered the node.',
  },
  CONSENT_INVALID: {
    exit: 65,
    title: 'The signature of the operator is expired or is not that of the operator.',
    cure: 'Sign again with the operator key, for this owner and network.',
  },
  RECORD_OUTDATED: {
    exit: 65,
    title: 'A newer address record of the operator stands already.',
    cure: 'Sign a record with a higher sequence number.',
  },
  NOT_CURRENT_EPOCH: {
    exit: 75,
    title: 'A commitment must be for the epoch that is running.',
    cure: 'Commit again for the running epoch.',
  },
  COMMITMENT_MISSING: {
    exit: 65,
    title: 'There is no commitment of this neuron for the epoch.',
    cure: 'Nothing can be revealed for it; commit in the next epoch.',
  },
  COMMITMENT_MISMATCH: {
    exit: 65,
    title: 'The row revealed is not the one committed.',
    cure: 'Reveal exactly the row, evidence root and salt of the journal.',
  },
  ALREADY_REVEALED: {
    exit: 65,
    title: 'The row of the epoch was revealed before.',
    cure: 'Nothing is to be done.',
  },
  REVEAL_CLOSED: {
    exit: 65,
    title: 'The reveal window of the epoch is over.',
    cure: 'The row stays unrevealed; commit in the next epoch.',
  },
  TOO_EARLY: {
    exit: 75,
    title: 'The window for this call is not open yet.',
    cure: 'Call again from the time given.',
  },
  EPOCH_VOID: {
    exit: 65,
    title: 'The settlement window of the epoch is over.',
    cure: 'The epoch stays void; its emission joins the next one.',
  },
  ALREADY_SETTLED: {
    exit: 65,
    title: 'The epoch was settled before.',
    cure: 'Nothing is to be done.',
  },
  ALREADY_SNAPSHOTTED: {
    exit: 65,
    title: 'The snapshot of the epoch was taken before.',
    cure: 'Nothing is to be done.',
  },
  STILL_UNBONDING: {
    exit: 75,
    title: 'The unbonding time of the stake is not over.',
    cure: 'Withdraw from the time given.',
  },
  INSUFFICIENT_TOKENS: {
    exit: 77,
    title: 'The account holds fewer tokens than the call moves.',
    cure: 'Send tokens to the account, or choose a smaller amount.',
  },
  INSUFFICIENT_ALLOWANCE: {
    exit: 77,
    title: 'The contract may not move that many tokens of the account.',
    cure: 'Send the approval before the call, or raise it.',
  },
  SUBNET_ALREADY_ACTIVE: {
    exit: 65,
    title: 'The emission of the subnet has begun before.',
    cure: 'Nothing is to be done.',
  },
  ADDRESS_ZERO: {
    exit: 65,
    title: 'An address of the call is the zero address or one that the token does not serve.',
    cure: 'Give the address that was meant; `witan key list` shows those of this machine.',
  },
  OPERATOR_TAKEN: {
    exit: 65,
    title: 'The operator belongs to a node already.',
    cure: 'Register with an operator key of its own: `witan key new` makes one.',
  },
  NODE_UNKNOWN: {
    exit: 65,
    title: 'No node has this number.',
    cure: 'Read the node of a neuron with `witan metagraph` and correct the number.',
  },
  SUBNET_CUTS_INVALID: {
    exit: 65,
    title: 'The shares of a subnet’s emission do not add up to the whole.',
    cure: 'Choose the shares so that their sum is the whole that the facts name.',
  },
  MODEL_VERSIONS_INVALID: {
    exit: 65,
    title: 'A subnet names no model version, or more than it may.',
    cure: 'Name at least one model version and at most the limit given.',
  },
  NAME_INVALID: {
    exit: 65,
    title: 'A name is longer than the contract stores.',
    cure: 'Choose a shorter name; the limit is in bytes of UTF-8.',
  },
  RECORD_EXPIRY_INVALID: {
    exit: 65,
    title: 'The expiry of an address record is too near or too far.',
    cure: 'Check the clock of this machine, then sign a record that expires within the bounds given.',
  },
  SIGNATURE_NONCE_USED: {
    exit: 65,
    title: 'The signature was made for a nonce that is used.',
    cure: 'Read the current nonce and sign again.',
  },
  PERMIT_INVALID: {
    exit: 65,
    title: 'The permit to take tokens is expired or not signed by their holder.',
    cure: 'Sign the permit again with the key that holds the tokens, with a later deadline.',
  },
  SIGNATURE_MALFORMED: {
    exit: 65,
    title: 'A signature is not one that an Ethereum key makes.',
    cure: 'Sign again; hand over the 65 bytes unchanged.',
  },
  COMMITMENT_INVALID: {
    exit: 65,
    title: 'A commitment of zero stands for none.',
    cure: 'Commit to the hash of the row, its evidence and the salt.',
  },
  ROW_INVALID: {
    exit: 65,
    title: 'The row revealed has more words than the subnet has neurons for.',
    cure: 'Reveal exactly the row of the journal; in the next epoch commit one for the neurons that there are.',
  },
  SETTLE_INPUTS_INVALID: {
    exit: 65,
    title: 'A row or bond row given to settle is not the one that the chain holds the hash of.',
    cure: 'Collect the inputs again from an endpoint that serves all logs, then settle again.',
  },
  EPOCH_INPUT_INVALID: {
    exit: 65,
    title: 'The input of an epoch is not one that the kernel computes.',
    cure: 'Correct the field that the facts name; if it came from the chain, report it.',
  },
  AMOUNT_TOO_SMALL: {
    exit: 65,
    title: 'The amount is nothing, or less than one share is worth.',
    cure: 'Choose a larger amount.',
  },
  INSUFFICIENT_SHARES: {
    exit: 77,
    title: 'The account holds less stake on the node than the call takes.',
    cure: 'Look at the stake with `witan stake list`, and choose at most that amount.',
  },
  UNSTAKE_REQUEST_UNKNOWN: {
    exit: 65,
    title: 'No request to unstake has this number.',
    cure: 'List the stake and its requests with `witan stake list` and correct the number.',
  },
  UNSTAKE_REQUEST_PAID: {
    exit: 65,
    title: 'The request to unstake was paid before.',
    cure: 'Nothing is to be done.',
  },
  NOT_REQUEST_ACCOUNT: {
    exit: 77,
    title: 'The request to unstake belongs to another account.',
    cure: 'Send the transaction from the account that made the request.',
  },
  TAKE_TOO_HIGH: {
    exit: 65,
    title: 'The take is above the highest that a node may keep.',
    cure: 'Choose at most the limit given.',
  },
  TAKE_RAISED_RECENTLY: {
    exit: 75,
    title: 'A node may raise its take only once in a while.',
    cure: 'Raise it again from the time given; lowering is always possible.',
  },
  SUPPLY_CAP_REACHED: {
    exit: 65,
    title: 'The call would make more tokens than may ever exist.',
    cure: 'Nothing more is emitted; transfers and stake go on.',
  },
  GENESIS_INVALID: {
    exit: 65,
    title: 'The tokens that a network begins with are not as the contract takes them.',
    cure: 'Correct `genesis` in the deploy file: one amount for each account, together below the cap.',
  },
  TOKEN_REFUSED: {
    exit: 65,
    title: 'The token refused a transfer and gave no reason.',
    cure: 'Check balance and allowance of the account, then repeat.',
  },
  CALLER_NOT_ALLOWED: {
    exit: 77,
    title: 'Only another contract of the network may make this call.',
    cure: 'Use the command or the function for people that leads to it; `witan --help` lists them.',
  },
  CONTRACT_INVARIANT: {
    exit: 70,
    title: 'A contract met a state that it holds impossible.',
    cure: 'Nothing was changed. Report the call, its block and the facts.',
  },
} as const satisfies Record<string, CatalogEntry>
