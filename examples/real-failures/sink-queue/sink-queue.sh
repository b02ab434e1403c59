#!/bin/sh
exec java -cp '.:jars/*' RunTest org.apache.hadoop.metrics2.impl.TestSinkQueue testConcurrentConsumers
