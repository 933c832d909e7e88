// listen.js [options of node.js]
// Serves identify, ping, echo and perf, and a DHT and a topic where asked. Prints its addresses, one
// a line, then `ready`; then each message of the topic as a JSON line. Publishes each line of stdin,
// and runs until stdin ends.
import { createInterface } from 'node:readline'
import { commandLine, say, startNode } from './node.js'
import { serveAll } from './protocols.js'

const options = commandLine()
const node = await startNode(options)
await serveAll(node)
const { pubsub } = node.services
if (options.topic != null) {
  pubsub.addEventListener('message', ({ detail }) => {
    say({
      topic: detail.topic,
      from: detail.from.toString(),
      data: new TextDecoder().decode(detail.data)
    })
  })
  pubsub.subscribe(options.topic)
}
for (const address of node.getMultiaddrs()) {
  console.log(address.toString())
}
console.log('ready')
const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => pubsub.publish(options.topic, new TextEncoder().encode(line)))
lines.on('close', async () => {
  await node.stop()
  process.exit(0)
})
