/** Who must learn that something was changed by hand: the dispatcher of this node, and the other nodes. */
export interface ChangeSink {
  /** The webhook, its secrets or its deliveries are no longer what a dispatcher may hold in memory. */
  webhook(webhookId: string): Promise<void>;
  /** The webhook has a delivery that is due. */
  due(webhookId: string): Promise<void>;
}
