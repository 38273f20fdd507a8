// Sends requests to a forward proxy.
import http from 'node:http'

/** An agent whose requests name their target by its full URI (RFC 9112 §3.2.2). */
export class AbsoluteFormAgent extends http.Agent {
  #proxy

  constructor (proxy) {
    super()
    this.#proxy = { host: proxy.host, hostname: proxy.host, port: proxy.port }
  }

  addRequest (request, options) {
    request.path = `http://${options.host}:${options.port}${request.path}`
    super.addRequest(request, { ...options, ...this.#proxy })
  }
}
