import type { CatalogEntry } from '../catalog-entry.js'

export const P2P_ERRORS = {
  PEER_ADDRESS_INVALID: {
    exit: 65,
    title: 'The address or identity of a peer cannot be read.',
    cure: 'Give a TCP multiaddr such as /ip4/192.0.2.1/tcp/4001, if wanted with /p2p/ and the PeerId at its end.',
  },
  PEER_KEY_UNSUPPORTED: {
    exit: 65,
    title: 'The identity of a peer is not a secp256k1 operator key.',
    cure: 'Use the address of a node of this network; its PeerId begins with 16Uiu2HA.',
  },
  PEER_MISMATCH: {
    exit: 69,
    title: 'At the address of a peer another peer answers.',
    cure: 'Fetch the current record of the operator; the address may have passed to another machine.',
  },
  PEER_UNREACHABLE: {
    exit: 75,
    title: 'A peer cannot be reached at any of its known addresses.',
    cure: 'Try again later; if it persists, check that the peer is running and that its port is open.',
  },
  PEER_DISCONNECTED: {
    exit: 75,
    title: 'The connection to a peer broke before it answered.',
    cure: 'Try again; the next request connects anew.',
  },
  PEER_PROTOCOL_UNSUPPORTED: {
    exit: 69,
    title: 'A peer does not speak the protocol asked for.',
    cure: 'Check that the peer has that role and runs the same network and a compatible version.',
  },
  PEER_MISBEHAVED: {
    exit: 75,
    title: 'A peer broke the rules of the protocol and its stream was reset.',
    cure: 'Ask another peer; if it persists, compare the versions of both ends.',
  },
  PEER_FAILED: {
    exit: 75,
    title: 'A peer could not answer a request.',
    cure: 'Try again or ask another peer; the code the peer gave stands among the facts.',
  },
  CALL_CANCELLED: {
    exit: 75,
    title: 'The side that asked gave a call up before it was answered.',
    cure: 'Nothing is to be done; ask again if the answer is still wanted.',
  },
  NOT_ADMITTED: {
    exit: 77,
    title: 'A peer does not serve requests of this operator.',
    cure: 'Register as a validator with a permit, or have the operator listed under `admit:` of the miner.',
  },
  HOST_STOPPING: {
    exit: 75,
    title: 'A peer is shutting down and takes no more requests.',
    cure: 'Ask another peer, or try again when it is back.',
  },
  BLOB_NOT_FOUND: {
    exit: 69,
    title: 'No peer that was asked handed out the content with this digest.',
    cure: 'Ask whoever published it to keep a node with it online, or put the files in a model or policy folder.',
  },
  BLOB_MISMATCH: {
    exit: 65,
    title: 'A peer sent other content than its digest names.',
    cure: 'Nothing to do: what was sent is thrown away and other peers are asked.',
  },
  CONTENT_NOT_SAVED: {
    exit: 75,
    title: 'A model or policy that came from a peer cannot be written to the data folder.',
    cure: 'Free space in the folder, or give the user of the node the right to write there; the transfer goes on by itself.',
  },
  RECORD_STALE: {
    exit: 75,
    title: 'An address record is older than one already known or than the one announced on chain.',
    cure: 'Publish a record with a higher sequence number, or ask another bootstrap peer.',
  },
  RECORD_NOT_FOUND: {
    exit: 69,
    title: 'No bootstrap peer holds a valid address record of the operator.',
    cure: 'Check that the operator runs and that its announcement on chain has not expired; then try again.',
  },
  RECORD_REFUSED: {
    exit: 77,
    title: 'A bootstrap peer does not hold records of this operator.',
    cure: 'Register the operator on a subnet first.',
  },
} as const satisfies Record<string, CatalogEntry>
