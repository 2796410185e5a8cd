export type Product = { readonly id: string; readonly name: string; readonly price: number };

/** In the order in which `products` lists them. */
export const products: readonly Product[] = [
  { id: "1", name: "Enamel Mug", price: 1_450 },
  { id: "2", name: "Field Notebook", price: 990 },
  { id: "3", name: "Wool Blanket", price: 8_900 },
  { id: "4", name: "Brass Compass", price: 3_495 },
  { id: "5", name: "Canvas Rucksack", price: 12_900 },
  { id: "6", name: "Storm Lantern", price: 4_250 },
  { id: "7", name: "Folding Stool", price: 5_600 },
  { id: "8", name: "Pocket Kettle", price: 2_790 },
  { id: "9", name: "Rain Cape", price: 6_450 },
  { id: "10", name: "Star Chart", price: 1_800 },
];
