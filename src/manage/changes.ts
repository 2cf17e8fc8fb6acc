/** Who must learn that something was changed by hand: the dispatcher of this node, and the other nodes. */
export interface ChangeSink {
  /** The webhook, its secrets or its deliveries are no longer what a dispatcher may hold in memory. */
  webhook(webhookId: string): Promise<void>;
  /** The same of many, of which the other nodes have been told in the transaction that changed them. */
  told(webhookIds: readonly string[]): void;
  /** The webhook has a delivery that is due. */
  due(webhookId: string): Promise<void>;
}
