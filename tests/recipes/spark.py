"""Runs recipes in one local Spark: spark.py ANSWERS, a list of {block, keys} as JSON on standard input.

The working directory has the log. Before each recipe the file that `keys` names becomes jwks.json. To
ANSWERS goes, for each recipe, {partitions, records}, or {error, message} when its job fails.
"""

import json
import shutil
import sys

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession


def main(answers):
    recipes = json.load(sys.stdin)
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    try:
        results = [run(spark, recipe) for recipe in recipes]
    finally:
        spark.stop()
    with open(answers, "w", encoding="utf-8") as file:
        json.dump(results, file)


def run(spark, recipe):
    shutil.copyfile(recipe["keys"], "jwks.json")
    names = {"spark": spark}
    exec(compile(recipe["block"], "verify.md", "exec"), names)
    try:
        return {"partitions": names["records"].getNumPartitions(), "records": names["records"].collect()}
    # Which of the two it is changes between versions of Spark.
    except (Py4JJavaError, PySparkException) as error:
        return {"error": type(error).__name__, "message": str(error)}


main(*sys.argv[1:])
