// A Kademlia DHT for a private protocol id, which keeps loopback addresses.
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'

export function kadServices (protocol, { clientMode = false } = {}) {
  return {
    dht: kadDHT({
      protocol,
      clientMode,
      peerInfoMapper: passthroughMapper,
      // Values are not signed here: the tests store plain bytes below /test/.
      validators: { test: async () => {} },
      selectors: { test: () => 0 }
    })
  }
}
