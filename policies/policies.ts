/** Every policy, in the order in which they report. */

import { capacityServesPeak } from "./capacity-serves-peak.ts";
import { cheaperThanApi } from "./cheaper-than-api.ts";
import { devRents } from "./dev-rents.ts";
import { everyResourcePriced } from "./every-resource-priced.ts";
import { modelFitsGpu } from "./model-fits-gpu.ts";
import { pricesAreFresh, pricesAreRecent } from "./prices-are-fresh.ts";
import { restrictedDataStaysHome } from "./restricted-data-stays-home.ts";
import { savingsAreCertain } from "./savings-are-certain.ts";
import { trafficIsProven } from "./traffic-is-proven.ts";

export const policies = [
  cheaperThanApi,
  savingsAreCertain,
  everyResourcePriced,
  pricesAreFresh,
  pricesAreRecent,
  modelFitsGpu,
  capacityServesPeak,
  restrictedDataStaysHome,
  trafficIsProven,
  devRents,
];
