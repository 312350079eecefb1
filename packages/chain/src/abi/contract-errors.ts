import type { ErrorCode } from '@witan/protocol'

/**
 * The code, and with it the next step, of every custom error in the ABIs. Where two contracts mean different things by one
 * name, `Contract.Name` comes before `Name`. A test lists what is missing; at run time that is `CONTRACT_REVERTED`.
 */
const CODES: Readonly<Record<string, ErrorCode>> = {
  // Subnets, nodes and neurons
  SubnetUnknown: 'SUBNET_UNKNOWN',
  SubnetFull: 'SUBNET_FULL',
  SubnetAlreadyActive: 'SUBNET_ALREADY_ACTIVE',
  NeuronUnknown: 'NEURON_UNKNOWN',
  NotRegistered: 'UNREGISTERED_OPERATOR',
  OperatorUnknown: 'UNREGISTERED_OPERATOR',
  OperatorZero: 'ADDRESS_ZERO',
  OperatorTaken: 'OPERATOR_TAKEN',
  AlreadyRegistered: 'ALREADY_REGISTERED',
  NodeUnknown: 'NODE_UNKNOWN',
  NotNodeOwner: 'NOT_NODE_OWNER',
  PriceExceeded: 'PRICE_EXCEEDED',
  ParameterOutOfBounds: 'PARAMETER_INVALID',
  MinEpochLengthTooShort: 'PARAMETER_INVALID',
  CutsNotWhole: 'SUBNET_CUTS_INVALID',
  ModelVersionsMissing: 'MODEL_VERSIONS_INVALID',
  TooManyModelVersions: 'MODEL_VERSIONS_INVALID',
  NameTooLong: 'NAME_INVALID',
  StringTooLong: 'NAME_INVALID',
  InvalidShortString: 'NAME_INVALID',
  SeqNotGreater: 'RECORD_OUTDATED',
  ExpiryOutOfBounds: 'RECORD_EXPIRY_INVALID',

  // Signatures
  SignatureExpired: 'CONSENT_INVALID',
  SignatureInvalid: 'CONSENT_INVALID',
  InvalidAccountNonce: 'SIGNATURE_NONCE_USED',
  ERC2612ExpiredSignature: 'PERMIT_INVALID',
  ERC2612InvalidSigner: 'PERMIT_INVALID',
  ECDSAInvalidSignature: 'SIGNATURE_MALFORMED',
  ECDSAInvalidSignatureLength: 'SIGNATURE_MALFORMED',
  ECDSAInvalidSignatureS: 'SIGNATURE_MALFORMED',

  // Epochs
  NotCurrentEpoch: 'NOT_CURRENT_EPOCH',
  CommitmentZero: 'COMMITMENT_INVALID',
  CommitmentMissing: 'COMMITMENT_MISSING',
  CommitmentMismatch: 'COMMITMENT_MISMATCH',
  AlreadyRevealed: 'ALREADY_REVEALED',
  RevealClosed: 'REVEAL_CLOSED',
  'Consensus.RowTooLong': 'ROW_INVALID',
  TooEarly: 'TOO_EARLY',
  NotYetPast: 'TOO_EARLY',
  Void: 'EPOCH_VOID',
  AlreadySettled: 'ALREADY_SETTLED',
  EpochAlreadyPaid: 'ALREADY_SETTLED',
  AlreadySnapshotted: 'ALREADY_SNAPSHOTTED',
  RowCountMismatch: 'SETTLE_INPUTS_INVALID',
  RowMismatch: 'SETTLE_INPUTS_INVALID',
  BondsMismatch: 'SETTLE_INPUTS_INVALID',
  RowTooLong: 'EPOCH_INPUT_INVALID',
  TooManyUids: 'EPOCH_INPUT_INVALID',
  WrongLength: 'EPOCH_INPUT_INVALID',
  UnknownUid: 'EPOCH_INPUT_INVALID',
  QuantisedStakeTooLarge: 'EPOCH_INPUT_INVALID',
  StakeTooLarge: 'EPOCH_INPUT_INVALID',
  BondsAlphaTooLarge: 'EPOCH_INPUT_INVALID',

  // Stake
  ZeroAssets: 'AMOUNT_TOO_SMALL',
  ZeroShares: 'AMOUNT_TOO_SMALL',
  AmountTooSmall: 'AMOUNT_TOO_SMALL',
  InsufficientShares: 'INSUFFICIENT_SHARES',
  RequestUnknown: 'UNSTAKE_REQUEST_UNKNOWN',
  RequestPaid: 'UNSTAKE_REQUEST_PAID',
  NotRequestAccount: 'NOT_REQUEST_ACCOUNT',
  StillUnbonding: 'STILL_UNBONDING',
  TakeTooHigh: 'TAKE_TOO_HIGH',
  TakeRaisedRecently: 'TAKE_RAISED_RECENTLY',

  // Tokens
  ERC20InsufficientBalance: 'INSUFFICIENT_TOKENS',
  ERC20InsufficientAllowance: 'INSUFFICIENT_ALLOWANCE',
  ERC20InvalidApprover: 'ADDRESS_ZERO',
  ERC20InvalidReceiver: 'ADDRESS_ZERO',
  ERC20InvalidSender: 'ADDRESS_ZERO',
  ERC20InvalidSpender: 'ADDRESS_ZERO',
  ERC20ExceededCap: 'SUPPLY_CAP_REACHED',
  ERC20InvalidCap: 'GENESIS_INVALID',
  GenesisLengthMismatch: 'GENESIS_INVALID',
  SafeERC20FailedOperation: 'TOKEN_REFUSED',

  // Calls that only another contract of the network makes
  NotConsensus: 'CALLER_NOT_ALLOWED',
  NotEmission: 'CALLER_NOT_ALLOWED',
  NotSubnets: 'CALLER_NOT_ALLOWED',
  NotVault: 'CALLER_NOT_ALLOWED',

  // What the contracts hold impossible
  CheckpointUnorderedInsertion: 'CONTRACT_INVARIANT',
  ReentrancyGuardReentrantCall: 'CONTRACT_INVARIANT',
  SafeCastOverflowedUintDowncast: 'CONTRACT_INVARIANT',
}

/** The code of a contract's custom error, or undefined for one that has none. */
export function codeOfContractError(contract: string, error: string): ErrorCode | undefined {
  return CODES[`${contract}.${error}`] ?? CODES[error]
}
