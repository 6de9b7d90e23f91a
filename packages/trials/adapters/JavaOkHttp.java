import com.google.gson.*;
import java.io.*;
import java.time.Duration;
import java.util.Map;
import org.openapitools.client.*;
import org.openapitools.client.api.*;
import org.openapitools.client.model.*;

class Adapter {
    public static void main(String[] args) throws Exception {
        var client = new ApiClient();
        var phones = new BorrowerPhonesApi(client);
        var http = client.getHttpClient();
        var in = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = in.readLine()) != null; ) {
            var sent = JsonParser.parseString(line).getAsJsonObject();
            var ids = sent.getAsJsonObject("ids");
            Long order = id(ids, "order_id"), borrower = id(ids, "borrower_id"), phone = id(ids, "phone_id");
            client.setBasePath(sent.get("base_url").getAsString());
            client.setBearerToken(sent.get("token").getAsString());
            var deadline = Duration.ofMillis(sent.get("deadline_ms").getAsLong());
            if (args.length > 0) client.setHttpClient(http.newBuilder() // mended
                .retryOnConnectionFailure(false).followRedirects(false).callTimeout(deadline)
                .addNetworkInterceptor(chain -> chain.proceed(chain.request()).newBuilder().removeHeader("Retry-After").build()).build());
            String outcome = "ok", output = "";
            try {
                switch (sent.get("operation").getAsString()) {
                    case "listBorrowers" -> new BorrowersApi(client).listBorrowers(order);
                    case "listBorrowerPhones" -> phones.listBorrowerPhones(order, borrower);
                    case "createBorrowerPhone" -> phones.createBorrowerPhone(order, borrower, JSON.deserialize(sent.get("body").toString(), BorrowerPhoneCreate.class));
                    case "updateBorrowerPhone" -> phones.updateBorrowerPhone(order, borrower, phone, JSON.deserialize(sent.get("body").toString(), BorrowerPhoneUpdate.class));
                    default -> phones.deleteBorrowerPhone(order, borrower, phone);
                }
            } catch (Throwable error) {
                var trace = new StringWriter();
                error.printStackTrace(new PrintWriter(trace));
                outcome = "error";
                output = trace.toString();
            }
            System.out.println(new Gson().toJson(Map.of("id", sent.get("id").getAsString(), "outcome", outcome, "output", output)));
        }
    }
    static Long id(JsonObject ids, String name) { return ids.has(name) ? ids.get(name).getAsLong() : 0; }
}
