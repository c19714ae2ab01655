// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.quartz.CronScheduleBuilder;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.simpl.CascadingClassLoadHelper;
import org.quartz.simpl.RAMJobStore;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.SchedulerSignaler;

/** The trigger part in Quartz: one hourly cron trigger a meter, in its store in memory, without threads. */
final class QuartzTriggers {
    private QuartzTriggers() {}

    static void measure(int meters, ObjectNode into) throws Exception {
        long before = Heap.live();
        RAMJobStore store = new RAMJobStore();
        CascadingClassLoadHelper loader = new CascadingClassLoadHelper();
        loader.initialize();
        store.initialize(loader, new Nobody());
        long begin = System.nanoTime();
        JobDetail job = JobBuilder.newJob(Nothing.class)
                .withIdentity("read")
                .storeDurably()
                .build();
        store.storeJob(job, false);
        for (int i = 0; i < meters; i++) {
            OperableTrigger trigger = (OperableTrigger) TriggerBuilder.newTrigger()
                    .withIdentity("meter-" + i)
                    .forJob(job)
                    .withSchedule(CronScheduleBuilder.cronSchedule("0 0 * * * ?"))
                    .build();
            trigger.computeFirstFireTime(null);
            store.storeTrigger(trigger, false);
        }
        double storeSeconds = (System.nanoTime() - begin) / 1e9;
        double bytes = (double) (Heap.live() - before) / meters;
        store.schedulerStarted();
        long due = System.currentTimeMillis() + 3_700_000;
        begin = System.nanoTime();
        int found = 0;
        while (found < meters) {
            List<OperableTrigger> acquired = store.acquireNextTriggers(due, 1_000, 0);
            if (acquired.isEmpty()) {
                break;
            }
            store.triggersFired(acquired);
            found += acquired.size();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        into.put("version", "2.5.0");
        into.put("triggers", meters);
        into.put("storeSeconds", storeSeconds);
        into.put("heapBytesPerMeter", bytes);
        into.put("due", found);
        into.put("enumerateSeconds", seconds);
        System.out.printf(
                "Quartz, %,d hourly triggers: stored in %.1f s, %.0f bytes of heap per meter, %,d due found in %.2f s%n",
                meters, storeSeconds, bytes, found, seconds);
        store.shutdown();
    }

    /** A job that does nothing. */
    public static final class Nothing implements Job {
        @Override
        public void execute(JobExecutionContext context) {
            // Only the triggers are measured.
        }
    }

    private static final class Nobody implements SchedulerSignaler {
        @Override
        public void notifyTriggerListenersMisfired(Trigger trigger) {}

        @Override
        public void notifySchedulerListenersFinalized(Trigger trigger) {}

        @Override
        public void notifySchedulerListenersJobDeleted(org.quartz.JobKey jobKey) {}

        @Override
        public void signalSchedulingChange(long candidateNewNextFireTime) {}

        @Override
        public void notifySchedulerListenersError(String message, SchedulerException failure) {}
    }
}
