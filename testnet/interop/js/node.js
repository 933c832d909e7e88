// A js-libp2p peer over TCP, Noise or TLS, and yamux, as every script here starts it.
import './polyfill.js'
import { createLibp2p } from 'libp2p'
import { tcp } from '@libp2p/tcp'
import { noise } from '@libp2p/noise'
import { tls } from '@libp2p/tls'
import { yamux } from '@libp2p/yamux'
import { identify } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { generateKeyPair } from '@libp2p/crypto/keys'

export const ECHO = '/echo/1.0.0'

const SECURITIES = { noise, tls }

// keyType: Ed25519 or secp256k1. security: noise and tls, by commas, the best first. services: more
// of them, such as a DHT.
export async function startNode ({
  keyType = 'Ed25519', listen = [], security = 'noise', services = {}
} = {}) {
  return createLibp2p({
    privateKey: await generateKeyPair(keyType),
    addresses: { listen },
    transports: [tcp()],
    connectionEncrypters: security.split(',').map((name) => SECURITIES[name]()),
    streamMuxers: [yamux()],
    // By default one ping stream at a time, while the end of the last one may still be on its way.
    services: { identify: identify(), ping: ping({ maxOutboundStreams: 8 }), ...services }
  })
}

// Sends back what arrives, and ends when the other side does.
export function serveEcho (node) {
  return node.handle(ECHO, async (stream) => {
    for await (const chunk of stream) {
      if (!stream.send(chunk.subarray())) {
        await stream.onDrain()
      }
    }
    await stream.close()
  })
}

// The value of --name, or a default.
export function option (name, otherwise) {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? otherwise : process.argv[at + 1]
}
