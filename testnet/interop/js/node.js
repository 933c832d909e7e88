// A js-libp2p peer, as every script here starts it, and the options that all scripts take.
import './polyfill.js'
import { parseArgs } from 'node:util'
import { createLibp2p } from 'libp2p'
import { gossipsub } from '@libp2p/gossipsub'
import { tcp } from '@libp2p/tcp'
import { noise } from '@libp2p/noise'
import { tls } from '@libp2p/tls'
import { yamux } from '@libp2p/yamux'
import { identify } from '@libp2p/identify'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { ping } from '@libp2p/ping'
import { generateKeyPair } from '@libp2p/crypto/keys'

const KEYS = { ed25519: 'Ed25519', secp256k1: 'secp256k1' }
const SECURITIES = { noise, tls }
const TRANSPORTS = {
  tcp: { load: () => tcp, listen: '/ip4/127.0.0.1/tcp/0' },
  // Its binary is not there for every system.
  quic: {
    load: async () => (await import('@chainsafe/libp2p-quic')).quic,
    listen: '/ip4/127.0.0.1/udp/0/quic-v1'
  }
}

// Returns the options by name, and as `rest` what is not one.
//
//   --key ed25519|secp256k1    --security noise,tls       by commas, the best first
//   --transport tcp|quic       --kad PROTOCOL             takes part in a DHT
//   --topic NAME               joins this gossipsub topic
export function commandLine () {
  const { values, positionals } = parseArgs({
    options: {
      key: { type: 'string', default: 'ed25519' },
      security: { type: 'string', default: 'noise' },
      transport: { type: 'string', default: 'tcp' },
      kad: { type: 'string' },
      topic: { type: 'string' }
    },
    allowPositionals: true
  })
  return { ...values, rest: positionals }
}

export async function startNode (
  { key, security, transport, kad, topic }, { clientMode = false, listening = true } = {}
) {
  const { load, listen } = TRANSPORTS[transport]
  return createLibp2p({
    privateKey: await generateKeyPair(KEYS[key]),
    addresses: { listen: listening ? [listen] : [] },
    // All peers of a test or benchmark have one address, which looks like an attack.
    connectionManager: {
      maxConnections: 2_000,
      maxIncomingPendingConnections: 1_000,
      inboundConnectionThreshold: 1e6
    },
    transports: [(await load())()],
    connectionEncrypters: security.split(',').map((name) => SECURITIES[name]()),
    streamMuxers: [yamux()],
    services: {
      identify: identify(),
      // By default one ping stream at a time, while the end of the last one may still be on its way.
      ping: ping({ maxOutboundStreams: 8 }),
      ...(kad != null && { dht: dht(kad, clientMode) }),
      ...(topic != null && { pubsub: gossipsub() })
    }
  })
}

// A Kademlia DHT that keeps loopback addresses.
function dht (protocol, clientMode) {
  return kadDHT({
    protocol,
    clientMode,
    peerInfoMapper: passthroughMapper,
    // Values are not signed here: the tests store plain bytes below /test/.
    validators: { test: async () => {} },
    selectors: { test: () => 0 }
  })
}

export function say (object) {
  console.log(JSON.stringify(object))
}
