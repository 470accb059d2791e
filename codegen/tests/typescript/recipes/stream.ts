// The end of the documentation's recipes.
import type { MarketApi, Tick, TickError } from "../../fixtures/client/feed.ts";

declare const market: MarketApi;
declare const symbol: string;
declare function useEffect(effect: () => () => void, deps: unknown[]): void;
declare function setTick(tick: Tick): void;
declare function setProblem(error: TickError): void;

useEffect(() => {
  const prices = market.priceTicks(symbol);
  prices.forEach(setTick).catch((error) => {
    if (error.kind === "app") setProblem(error.error);      // typed: the contract's `TickError`
  });
  return () => void prices.return();
}, [market, symbol]);
